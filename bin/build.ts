import { buildApi } from '../app/build';
import { bundleHandlers } from '../lib/shared/handler-code';

bundleHandlers();
buildApi();

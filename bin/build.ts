import { buildApi } from '../app/build';
import { bundlePlatform } from '../lib/platform-handlers';
import { bundleTools } from '../lib/shared/tool-code';

buildApi();
bundleTools();
void bundlePlatform();

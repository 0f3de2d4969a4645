import { WITHOUT_NODE_NOTICE } from '../lib/local/cloud';

/** Imported first by whatever is run by hand and makes clients of the SDK, so that its output is the tool's own. */
Object.assign(process.env, WITHOUT_NODE_NOTICE);

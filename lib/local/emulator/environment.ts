import * as os from 'node:os';
import { type LocalCloud, requireLoopback, rootKeys, WITHOUT_NODE_NOTICE } from '../cloud';

/**
 * The whole environment of a program that may talk to the emulator and must not reach AWS: nothing of the
 * user's credentials, profiles or proxies is passed on.
 *
 * @param cloud - the local AWS and the account to act in, as its root
 * @param home - folder that the program may take for its home
 */
export function clientEnvironment(cloud: LocalCloud, home: string): Record<string, string> {
  requireLoopback(cloud.endpoint);
  const { accessKeyId, secretAccessKey } = rootKeys(cloud);
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...WITHOUT_NODE_NOTICE,
    AWS_CA_BUNDLE: cloud.caFile,
    NODE_EXTRA_CA_CERTS: cloud.caFile,
    NO_PROXY: '*',
  };
}

import { WITHOUT_NODE_NOTICE } from '../cloud';
import { codeDeployEnvironment } from '../codedeploy/environment';
import type { Summary } from './summary';

/**
 * Variables with which a program that speaks to AWS speaks to a local environment: its endpoints, its authority and its
 * keys. Node reads the authority only when it starts, so these are for a process of its own.
 */
export function toolsEnvironment({ cloud, codeDeploy }: Summary): Readonly<Record<string, string>> {
  return {
    ...WITHOUT_NODE_NOTICE,
    AWS_ENDPOINT_URL: cloud.endpoint,
    ...(codeDeploy && codeDeployEnvironment(codeDeploy)),
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: cloud.account,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: cloud.caFile,
  };
}

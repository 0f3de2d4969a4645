import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { clientOptions, type LocalCloud } from '../../cloud';
import { type Control, runningSupervisor } from '../../supervisor';
import type { Estate } from '../ports';
import { LocalAlarms } from './alarms';
import { LocalCatalogue } from './catalogue';
import { LocalFunctions } from './functions';
import { LocalTaskSets } from './task-sets';
import { LocalTraffic } from './traffic';

/** Longest that a function may run, in milliseconds. */
const LONGEST_FUNCTION = 905_000;

/** The supervisor of a folder. @throws Error when none runs */
export function supervisorOf(folder: string): Control {
  const control = runningSupervisor(folder);
  if (control === undefined) throw new Error(`No supervisor runs in ${folder}.`);
  return control;
}

/** What stands behind CodeDeploy in one account of the local AWS. */
export function localEstate(cloud: LocalCloud, supervisor: string, alarmSpeed: () => number): Estate {
  const options = clientOptions(cloud);
  const elb = new ElasticLoadBalancingV2Client(options);
  const control = (): Control => supervisorOf(supervisor);
  const { requestHandler } = options;
  const patient = { ...requestHandler, requestTimeout: LONGEST_FUNCTION };
  return {
    taskSets: new LocalTaskSets(control, elb),
    traffic: new LocalTraffic(control, elb),
    alarms: new LocalAlarms(new CloudWatchClient(options), control, alarmSpeed),
    // A hook is invoked once: no second attempt.
    functions: new LocalFunctions(new LambdaClient({ ...options, maxAttempts: 1, requestHandler: patient })),
    catalogue: new LocalCatalogue(new SSMClient(options)),
  };
}

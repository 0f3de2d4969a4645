import type { Operation } from '../protocol/server';
import * as catalogue from './catalogue';
import type { Context } from './context';
import { createDeployment } from './create-deployment';
import * as deployments from './deployments';
import { reportHook } from './report-hook';
import * as targets from './targets';

/** Every operation that the stand-in models, by its name in the API. */
export function operationsOf(context: Context): Readonly<Record<string, Operation>> {
  return {
    BatchGetDeployments: deployments.batchGetDeployments(context),
    BatchGetDeploymentTargets: targets.batchGetDeploymentTargets(context),
    ContinueDeployment: deployments.continueDeployment(context),
    CreateDeployment: createDeployment(context),
    GetApplication: catalogue.getApplication(context),
    GetApplicationRevision: catalogue.getApplicationRevision(context),
    GetDeployment: deployments.getDeployment(context),
    GetDeploymentConfig: catalogue.getDeploymentConfig(context),
    GetDeploymentGroup: catalogue.getDeploymentGroup(context),
    GetDeploymentTarget: targets.getDeploymentTarget(context),
    ListApplications: catalogue.listApplications(context),
    ListDeploymentConfigs: catalogue.listDeploymentConfigs(context),
    ListDeploymentGroups: catalogue.listDeploymentGroups(context),
    ListDeployments: deployments.listDeployments(context),
    ListDeploymentTargets: targets.listDeploymentTargets(context),
    PutLifecycleEventHookExecutionStatus: reportHook(context),
    StopDeployment: deployments.stopDeployment(context),
  };
}

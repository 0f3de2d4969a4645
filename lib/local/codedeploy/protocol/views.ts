import type { Deployment, LifecycleEvent, Revision, Side } from '../model/deployment';

/** Timestamps are seconds since 1970, with a fraction. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

/** A revision without its text, which only GetApplicationRevision tells. */
export function revisionView({ sha256 }: Revision): object {
  return { revisionType: 'AppSpecContent', appSpecContent: { content: null, sha256 } };
}

function times(source: object, names: readonly string[]): object {
  const values = source as Record<string, number | undefined>;
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, seconds(values[name])]])),
  );
}

/** The targets of a deployment by state: an ECS deployment has one. */
function overview({ status }: Deployment): object {
  const none = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
  const states: Readonly<Record<Deployment['status'], keyof typeof none>> = {
    Created: 'Pending',
    Queued: 'Pending',
    InProgress: 'InProgress',
    Baking: 'InProgress',
    Ready: 'Ready',
    Succeeded: 'Succeeded',
    Failed: 'Failed',
    Stopped: 'Failed',
  };
  return { ...none, [states[status]]: 1 };
}

/** `deploymentInfo` of a deployment. */
export function deploymentView(deployment: Deployment): object {
  const { group, rollback } = deployment;
  return {
    applicationName: group.applicationName,
    deploymentGroupName: group.deploymentGroupName,
    deploymentConfigName: deployment.configName,
    deploymentId: deployment.id,
    ...(deployment.previousRevision && { previousRevision: revisionView(deployment.previousRevision) }),
    revision: revisionView(deployment.revision),
    status: deployment.status,
    ...(deployment.error && { errorInformation: deployment.error }),
    ...times(deployment, ['createTime', 'startTime', 'completeTime']),
    deploymentOverview: overview(deployment),
    ...(deployment.description !== undefined && { description: deployment.description }),
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: deployment.autoRollback,
    updateOutdatedInstancesOnly: false,
    ...(rollback && {
      rollbackInfo: {
        ...(rollback.deploymentId !== undefined && { rollbackDeploymentId: rollback.deploymentId }),
        ...(rollback.triggeredBy !== undefined && { rollbackTriggeringDeploymentId: rollback.triggeredBy }),
        rollbackMessage: rollback.message,
      },
    }),
    deploymentStyle: group.deploymentStyle,
    instanceTerminationWaitTimeStarted: deployment.terminationSince !== undefined,
    blueGreenDeploymentConfiguration: group.blueGreenDeploymentConfiguration,
    loadBalancerInfo: group.loadBalancerInfo,
    fileExistsBehavior: 'DISALLOW',
    deploymentStatusMessages: [],
    computePlatform: 'ECS',
    ...(deployment.overrideAlarms && { overrideAlarmConfiguration: deployment.overrideAlarms }),
  };
}

/** Id of the one target of an ECS deployment. */
export function targetIdOf({ group }: Deployment): string {
  const [service] = group.ecsServices;
  return `${service?.clusterName ?? ''}:${service?.serviceName ?? ''}`;
}

function eventView(event: LifecycleEvent): object {
  return {
    lifecycleEventName: event.name,
    status: event.status,
    ...times(event, ['startTime', 'endTime']),
    ...(event.message !== undefined && {
      diagnostics: { errorCode: 'ScriptFailed', scriptName: '', message: event.message, logTail: '' },
    }),
  };
}

function sideView(side: Side, taskSetLabel: 'Blue' | 'Green'): object {
  return {
    identifer: side.taskSetId, // misspelt on the wire
    desiredCount: side.desired,
    pendingCount: side.pending,
    runningCount: side.running,
    status: side.status,
    trafficWeight: side.weight,
    targetGroup: { name: side.targetGroup },
    taskSetLabel,
  };
}

/** `deploymentTarget` of a deployment. */
export function targetView(deployment: Deployment, region: string): object {
  const { blue, green, events, account } = deployment;
  const statuses: Readonly<Partial<Record<Deployment['status'], string>>> = {
    Baking: 'InProgress',
    Stopped: 'Failed',
    Created: 'Pending',
    Queued: 'Pending',
  };
  const times_ = events.flatMap(({ startTime, endTime }) => [startTime ?? 0, endTime ?? 0]);
  const targetId = targetIdOf(deployment);
  return {
    deploymentTargetType: 'ECSTarget',
    ecsTarget: {
      deploymentId: deployment.id,
      targetId,
      targetArn: `arn:aws:ecs:${region}:${account}:service/${targetId.replace(':', '/')}`,
      lastUpdatedAt: seconds(Math.max(deployment.createTime, ...times_)),
      status: statuses[deployment.status] ?? deployment.status,
      lifecycleEvents: events.map(eventView),
      taskSetsInfo: [...(blue ? [sideView(blue, 'Blue')] : []), ...(green ? [sideView(green, 'Green')] : [])],
    },
  };
}

/** `deploymentGroupInfo` of a group. */
export function groupView(
  group: Deployment['group'],
  last: { readonly succeeded?: Deployment | undefined; readonly attempted?: Deployment | undefined },
): object {
  const told = ({ id, status, createTime, completeTime }: Deployment): object => ({
    deploymentId: id,
    status,
    ...times({ createTime, endTime: completeTime }, ['createTime', 'endTime']),
  });
  return {
    ...group,
    computePlatform: 'ECS',
    outdatedInstancesStrategy: 'UPDATE',
    ...(last.succeeded && {
      targetRevision: revisionView(last.succeeded.revision),
      lastSuccessfulDeployment: told(last.succeeded),
    }),
    ...(last.attempted && { lastAttemptedDeployment: told(last.attempted) }),
    triggerConfigurations: [],
  };
}

import {
  BatchGetDeploymentTargetsCommand,
  type DeploymentInfo,
  type ECSTarget,
  GetDeploymentCommand,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { type Snapshot, stateOf } from './model';

/** Looks at one deployment, as often as it is asked. */
export class Observer {
  private targets: readonly string[] = [];

  constructor(
    private readonly clients: Pick<ReleaseClients, 'codeDeploy'>,
    private readonly id: string,
  ) {}

  /**
   * The deployment now. Its steps are read after its status, so that at the end they are the last ones.
   * @throws as `persist` does
   */
  async look(patience: Patience): Promise<Snapshot> {
    const info = await this.info(patience);
    const target = await this.ask(patience, (options) => this.target(options)).catch((error: unknown) => {
      // Until it has begun there are none; a deployment that ended before it began never has any.
      if (error instanceof Error && error.name === 'DeploymentNotStartedException') return undefined;
      throw error;
    });
    return snapshot(this.id, info, target);
  }

  /**
   * The deployment now, without steps and colours: one call, where all of it takes three.
   * @throws as `persist` does
   */
  async glance(patience: Patience): Promise<Snapshot> {
    return snapshot(this.id, await this.info(patience), undefined);
  }

  private info(patience: Patience): Promise<DeploymentInfo> {
    return this.ask(patience, async (options) => {
      const { deploymentInfo } = await this.clients.codeDeploy.send(
        new GetDeploymentCommand({ deploymentId: this.id }),
        options,
      );
      return deploymentInfo ?? {};
    });
  }

  private ask<T>(
    patience: Patience,
    call: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return persist('CodeDeploy', (abortSignal) => call(abortSignal ? { abortSignal } : {}), patience);
  }

  private async target(options: { readonly abortSignal?: AbortSignal }): Promise<ECSTarget | undefined> {
    const { codeDeploy } = this.clients;
    if (this.targets.length === 0) {
      const { targetIds = [] } = await codeDeploy.send(
        new ListDeploymentTargetsCommand({ deploymentId: this.id }),
        options,
      );
      if (targetIds.length === 0) return undefined;
      this.targets = targetIds;
    }
    const { deploymentTargets } = await codeDeploy.send(
      new BatchGetDeploymentTargetsCommand({ deploymentId: this.id, targetIds: [...this.targets] }),
      options,
    );
    return deploymentTargets?.find(({ ecsTarget }) => ecsTarget)?.ecsTarget;
  }
}

function snapshot(id: string, info: DeploymentInfo, target: ECSTarget | undefined): Snapshot {
  const { status = 'Unknown', errorInformation: error, rollbackInfo, revision } = info;
  const sha256 = revision?.appSpecContent?.sha256;
  return {
    id,
    status,
    state: stateOf(status),
    rollsBack: info.autoRollbackConfiguration?.enabled !== false,
    baking: info.instanceTerminationWaitTimeStarted === true,
    ...(error && { error: { code: error.code ?? 'UNKNOWN', message: error.message ?? '' } }),
    ...(info.description !== undefined && { description: info.description }),
    ...(info.creator !== undefined && { creator: info.creator }),
    ...(info.createTime && { createdAt: info.createTime }),
    ...(info.completeTime && { completedAt: info.completeTime }),
    ...(sha256 !== undefined && { sha256 }),
    ...(present(rollbackInfo?.rollbackDeploymentId) && {
      rollbackDeployment: rollbackInfo?.rollbackDeploymentId ?? '',
    }),
    ...(present(rollbackInfo?.rollbackTriggeringDeploymentId) && {
      takesBack: rollbackInfo?.rollbackTriggeringDeploymentId ?? '',
    }),
    ...traffic(target),
  };
}

function traffic(target: ECSTarget | undefined): Pick<Snapshot, 'events' | 'taskSets'> {
  return {
    events: (target?.lifecycleEvents ?? []).map((event) => ({
      name: event.lifecycleEventName ?? 'Unknown',
      status: event.status ?? 'Unknown',
      ...(event.startTime && { startedAt: event.startTime }),
      ...(event.endTime && { endedAt: event.endTime }),
      ...(present(event.diagnostics?.message) && { message: event.diagnostics?.message ?? '' }),
    })),
    taskSets: (target?.taskSetsInfo ?? []).map((set) => ({
      // Misspelt on the wire.
      id: set.identifer ?? '',
      weight: set.trafficWeight ?? 0,
      old: set.taskSetLabel === 'Blue',
      running: set.runningCount ?? 0,
      desired: set.desiredCount ?? 0,
    })),
  };
}

function present(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

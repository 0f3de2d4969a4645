import { setTimeout as sleep } from 'node:timers/promises';
import {
  CodeDeployClient,
  CreateDeploymentCommand,
  GetApplicationCommand,
  GetDeploymentCommand,
  ListApplicationsCommand,
  ListDeploymentGroupsCommand,
} from '@aws-sdk/client-codedeploy';
import {
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs';
import { rootKeys } from '../../../lib/local/cloud';
import { codeDeployEnvironment } from '../../../lib/local/codedeploy';
import type { Folders } from '../../../lib/local/folders';
import type { Summary } from '../../../lib/local/run/summary';
import { callSupervisor, runningSupervisor } from '../../../lib/local/supervisor';

/** What a test does with the releases of a local environment. */
export interface Releases {
  /** Makes every wait so many times shorter. */
  hasten(speed: number): Promise<void>;
  /** Target group of the task set that has the traffic, as ECS tells it. */
  primaryGroup(): Promise<string>;
  /** Releases a revision and answers how it ended. */
  deploy(taskDefinition: string): Promise<string>;
}

/** The releases of a local environment, by its own CodeDeploy and ECS. */
export function releasesOf({ cloud, codeDeploy }: Summary, folders: Folders): Releases {
  if (codeDeploy === undefined) throw new Error('no CodeDeploy');
  const endpoints = codeDeployEnvironment(codeDeploy);
  const options = { region: cloud.region, credentials: rootKeys(cloud) };
  const releases = new CodeDeployClient({ ...options, endpoint: endpoints.AWS_ENDPOINT_URL_CODEDEPLOY });
  const ecs = new ECSClient({ ...options, endpoint: endpoints.AWS_ENDPOINT_URL_ECS });
  /** The application of the service: functions have one of their own. */
  const applicationOfService = async (): Promise<string | undefined> => {
    const { applications = [] } = await releases.send(new ListApplicationsCommand({}));
    for (const applicationName of applications) {
      const { application } = await releases.send(new GetApplicationCommand({ applicationName }));
      if (application?.computePlatform === 'ECS') return applicationName;
    }
    return undefined;
  };
  return {
    hasten: async (speed) => {
      const control = runningSupervisor(folders.codeDeploy);
      if (control === undefined) throw new Error('CodeDeploy does not run');
      await callSupervisor(control, 'behaviour', { speed, limitSpeed: 1 });
    },
    primaryGroup: async () => {
      const { clusterArns: [cluster] = [] } = await ecs.send(new ListClustersCommand({}));
      const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster }));
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: serviceArns }),
      );
      const primary = services[0]?.taskSets?.find(({ status }) => status === 'PRIMARY');
      return primary?.loadBalancers?.[0]?.targetGroupArn ?? '';
    },
    deploy: async (taskDefinition) => {
      const applicationName = await applicationOfService();
      const { deploymentGroups: [deploymentGroupName] = [] } = await releases.send(
        new ListDeploymentGroupsCommand({ applicationName }),
      );
      const Properties = {
        TaskDefinition: taskDefinition,
        LoadBalancerInfo: { ContainerName: 'api', ContainerPort: 8080 },
      };
      const content = JSON.stringify({
        version: 0,
        Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties } }],
      });
      const { deploymentId } = await releases.send(
        new CreateDeploymentCommand({
          applicationName,
          deploymentGroupName,
          revision: { revisionType: 'AppSpecContent', appSpecContent: { content } },
        }),
      );
      for (;;) {
        const { deploymentInfo } = await releases.send(new GetDeploymentCommand({ deploymentId }));
        const { status = '', completeTime } = deploymentInfo ?? {};
        if (completeTime !== undefined) return status;
        await sleep(200);
      }
    },
  };
}

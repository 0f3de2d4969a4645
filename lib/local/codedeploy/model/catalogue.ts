import { z } from 'zod';

/** Traffic routing of a deployment configuration, as the API has it; intervals in minutes. */
export const routingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('AllAtOnce') }),
  z.object({
    type: z.literal('TimeBasedCanary'),
    timeBasedCanary: z.object({ canaryPercentage: z.number(), canaryInterval: z.number() }),
  }),
  z.object({
    type: z.literal('TimeBasedLinear'),
    timeBasedLinear: z.object({ linearPercentage: z.number(), linearInterval: z.number() }),
  }),
]);

/** See {@link routingSchema}. */
export type Routing = z.output<typeof routingSchema>;

/** Which ends of a deployment take it back. */
export const autoRollbackSchema = z.object({
  enabled: z.boolean().default(false),
  events: z
    .array(z.enum(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST']))
    .default([]),
});

/** See {@link autoRollbackSchema}. */
export type AutoRollback = z.output<typeof autoRollbackSchema>;

/** Alarms that stop a deployment. */
export const alarmsSchema = z.object({
  enabled: z.boolean().default(false),
  ignorePollAlarmFailure: z.boolean().default(false),
  alarms: z.array(z.object({ name: z.string() })).default([]),
});

/** See {@link alarmsSchema}. */
export type AlarmConfiguration = z.output<typeof alarmsSchema>;

const routeSchema = z.object({ listenerArns: z.array(z.string()).default([]) });

/** A deployment group, as the API has it. */
export const groupSchema = z.object({
  applicationName: z.string(),
  deploymentGroupName: z.string(),
  deploymentGroupId: z.string(),
  deploymentConfigName: z.string().default('CodeDeployDefault.ECSAllAtOnce'),
  serviceRoleArn: z.string().default(''),
  alarmConfiguration: alarmsSchema.prefault({}),
  autoRollbackConfiguration: autoRollbackSchema.prefault({}),
  deploymentStyle: z
    .object({ deploymentType: z.string(), deploymentOption: z.string() })
    .partial()
    .default({}),
  blueGreenDeploymentConfiguration: z
    .object({
      deploymentReadyOption: z
        .object({
          actionOnTimeout: z.enum(['CONTINUE_DEPLOYMENT', 'STOP_DEPLOYMENT']).default('CONTINUE_DEPLOYMENT'),
          waitTimeInMinutes: z.number().default(0),
        })
        .prefault({}),
      terminateBlueInstancesOnDeploymentSuccess: z
        .object({
          action: z.enum(['TERMINATE', 'KEEP_ALIVE']).default('TERMINATE'),
          terminationWaitTimeInMinutes: z.number().max(2880).default(0),
        })
        .prefault({}),
    })
    .prefault({}),
  ecsServices: z.array(z.object({ serviceName: z.string(), clusterName: z.string() })).default([]),
  loadBalancerInfo: z
    .object({
      targetGroupPairInfoList: z
        .array(
          z.object({
            targetGroups: z.array(z.object({ name: z.string() })),
            prodTrafficRoute: routeSchema,
            testTrafficRoute: routeSchema.optional(),
          }),
        )
        .max(1)
        .default([]),
    })
    .prefault({}),
});

/** See {@link groupSchema}. */
export type DeploymentGroup = z.output<typeof groupSchema>;

/** An application. */
export const applicationSchema = z.object({
  applicationName: z.string(),
  applicationId: z.string(),
  computePlatform: z.enum(['ECS', 'Lambda', 'Server']).default('Server'),
});

/** See {@link applicationSchema}. */
export type Application = z.output<typeof applicationSchema>;

/** A deployment configuration. */
export const configSchema = z.object({
  deploymentConfigName: z.string(),
  deploymentConfigId: z.string(),
  computePlatform: z.enum(['ECS', 'Lambda', 'Server']).default('Server'),
  trafficRoutingConfig: routingSchema.default({ type: 'AllAtOnce' }),
});

/** See {@link configSchema}. */
export type DeploymentConfig = z.output<typeof configSchema>;

const canary = (minutes: number): Routing => ({
  type: 'TimeBasedCanary',
  timeBasedCanary: { canaryPercentage: 10, canaryInterval: minutes },
});
const linear = (minutes: number): Routing => ({
  type: 'TimeBasedLinear',
  timeBasedLinear: { linearPercentage: 10, linearInterval: minutes },
});

/** The configurations that AWS gives every account for ECS. */
export const PREDEFINED: readonly DeploymentConfig[] = Object.entries({
  ECSAllAtOnce: { type: 'AllAtOnce' } as Routing,
  ECSCanary10Percent5Minutes: canary(5),
  ECSCanary10Percent15Minutes: canary(15),
  ECSLinear10PercentEvery1Minutes: linear(1),
  ECSLinear10PercentEvery3Minutes: linear(3),
}).map(([name, trafficRoutingConfig]) => ({
  deploymentConfigName: `CodeDeployDefault.${name}`,
  deploymentConfigId: name,
  computePlatform: 'ECS',
  trafficRoutingConfig,
}));

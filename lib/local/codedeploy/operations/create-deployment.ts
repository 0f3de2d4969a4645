import { z } from 'zod';
import { readAppSpec, sha256 } from '../appspec';
import { routesOf } from '../lifecycle/begin';
import {
  type AlarmConfiguration,
  alarmsSchema,
  type AutoRollback,
  autoRollbackSchema,
} from '../model/catalogue';
import type { Revision } from '../model/deployment';
import { Refusal } from '../protocol/refusal';
import type { Operation } from '../protocol/server';
import { accountOf, applicationOf, configOf, type Context, groupOf, optionalText, read } from './context';

const inputSchema = z.object({
  applicationName: optionalText,
  deploymentGroupName: optionalText,
  deploymentConfigName: optionalText,
  description: optionalText,
  revision: z
    .object({
      revisionType: optionalText,
      appSpecContent: z.object({ content: optionalText, sha256: optionalText }).nullish(),
    })
    .nullish(),
  autoRollbackConfiguration: z.unknown().optional(),
  overrideAlarmConfiguration: z.unknown().optional(),
});

/** Quota: alarms of a deployment group. */
const MOST_ALARMS = 10;
const LONGEST_DESCRIPTION = 256;

/** CreateDeployment. */
export function createDeployment(context: Context): Operation {
  return async (input, caller) => {
    const asked = read(inputSchema, input);
    const { account, estate } = await accountOf(context, caller);
    const application = await applicationOf(estate, asked.applicationName);
    const group = await groupOf(estate, asked.applicationName, asked.deploymentGroupName);
    if (application.computePlatform !== 'ECS')
      throw new Refusal(
        'UnsupportedActionForDeploymentType',
        `This stand-in deploys to ECS; the application ${application.applicationName} is for ${application.computePlatform}.`,
      );
    if ((asked.description ?? '').length > LONGEST_DESCRIPTION)
      throw new Refusal(
        'DescriptionTooLong',
        `The description is longer than ${LONGEST_DESCRIPTION} characters.`,
      );
    const revision = revisionOf(asked.revision);
    const config = await configOf(estate, asked.deploymentConfigName ?? group.deploymentConfigName);
    if (config.computePlatform !== 'ECS')
      throw new Refusal(
        'InvalidDeploymentConfigName',
        `The deployment configuration ${config.deploymentConfigName} is not for ECS.`,
      );
    const { groups, production } = routesOf({ group });
    if (group.ecsServices.length !== 1)
      throw new Refusal('InvalidECSService', 'The deployment group has to name one ECS service.');
    if (groups.length !== 2 || production === '')
      throw new Refusal(
        'InvalidTargetGroupPair',
        'The deployment group has to name two target groups and the listener of their traffic.',
      );
    const override = asked.overrideAlarmConfiguration;
    const { id } = context.desk.create({
      account,
      group,
      configName: config.deploymentConfigName,
      routing: config.trafficRoutingConfig,
      revision,
      ...(asked.description ? { description: asked.description } : {}),
      autoRollback: rollbackOf(asked.autoRollbackConfiguration) ?? group.autoRollbackConfiguration,
      alarms: group.alarmConfiguration,
      ...(override === undefined || override === null ? {} : { overrideAlarms: overrideOf(override) }),
    });
    return { deploymentId: id };
  };
}

function revisionOf(revision: z.output<typeof inputSchema>['revision']): Revision {
  if (revision === undefined || revision === null)
    throw new Refusal('RevisionRequired', 'The revision is required.');
  if (revision.revisionType !== 'AppSpecContent')
    throw new Refusal(
      'InvalidRevision',
      `An ECS deployment takes its revision as AppSpecContent here; ${String(revision.revisionType)} is ${revision.revisionType === 'S3' ? 'not modelled by the stand-in' : 'not for ECS'}.`,
    );
  const { content, sha256: given } = revision.appSpecContent ?? {};
  if (content === undefined || content === null || content === '')
    throw new Refusal('InvalidRevision', 'The AppSpecContent has no content.');
  if (given !== undefined && given !== null && given !== sha256(content))
    throw new Refusal('InvalidRevision', 'The SHA256 of the AppSpecContent is not that of its content.');
  try {
    return readAppSpec(content);
  } catch (error) {
    throw new Refusal('InvalidRevision', (error as Error).message);
  }
}

function rollbackOf(input: unknown): AutoRollback | undefined {
  if (input === undefined || input === null) return undefined;
  const result = autoRollbackSchema.safeParse(input);
  if (!result.success) throw new Refusal('InvalidAutoRollbackConfig', result.error.message);
  if (result.data.enabled && result.data.events.length === 0)
    throw new Refusal('InvalidAutoRollbackConfig', 'Automatic rollback is enabled and names no event.');
  return result.data;
}

function overrideOf(input: unknown): AlarmConfiguration {
  const result = alarmsSchema.safeParse(input);
  if (!result.success) throw new Refusal('InvalidAlarmConfig', result.error.message);
  if (result.data.alarms.length > MOST_ALARMS)
    throw new Refusal('AlarmsLimitExceeded', `A deployment has at most ${MOST_ALARMS} alarms.`);
  return result.data;
}

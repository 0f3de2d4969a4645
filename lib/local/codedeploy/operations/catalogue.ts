import { z } from 'zod';
import { PREDEFINED } from '../model/catalogue';
import { Refusal } from '../protocol/refusal';
import type { Operation } from '../protocol/server';
import { groupView, revisionView, seconds } from '../protocol/views';
import { accountOf, applicationOf, configOf, type Context, groupOf, optionalText, read } from './context';

const named = z.object({
  applicationName: optionalText,
  deploymentGroupName: optionalText,
  deploymentConfigName: optionalText,
});

/** ListApplications. */
export function listApplications(context: Context): Operation {
  return async (_input, caller) => {
    const { estate } = await accountOf(context, caller);
    const applications = await estate.catalogue.applications();
    return { applications: applications.map(({ applicationName }) => applicationName) };
  };
}

/** GetApplication. */
export function getApplication(context: Context): Operation {
  return async (input, caller) => {
    const { estate } = await accountOf(context, caller);
    return { application: await applicationOf(estate, read(named, input).applicationName) };
  };
}

/** ListDeploymentGroups. */
export function listDeploymentGroups(context: Context): Operation {
  return async (input, caller) => {
    const { estate } = await accountOf(context, caller);
    const { applicationName } = await applicationOf(estate, read(named, input).applicationName);
    const groups = await estate.catalogue.groups();
    const own = groups.filter((group) => group.applicationName === applicationName);
    return { applicationName, deploymentGroups: own.map(({ deploymentGroupName }) => deploymentGroupName) };
  };
}

/** GetDeploymentGroup. */
export function getDeploymentGroup(context: Context): Operation {
  return async (input, caller) => {
    const { applicationName, deploymentGroupName } = read(named, input);
    const { account, estate } = await accountOf(context, caller);
    const group = await groupOf(estate, applicationName, deploymentGroupName);
    const { desk } = context;
    const last = {
      succeeded: desk.lastSucceeded({ account, group }),
      attempted: desk.ofGroup({ account, group }).at(-1),
    };
    return { deploymentGroupInfo: groupView(group, last) };
  };
}

/** GetDeploymentConfig. */
export function getDeploymentConfig(context: Context): Operation {
  return async (input, caller) => {
    const { estate } = await accountOf(context, caller);
    return { deploymentConfigInfo: await configOf(estate, read(named, input).deploymentConfigName) };
  };
}

/** ListDeploymentConfigs: AWS's for ECS and the account's own. */
export function listDeploymentConfigs(context: Context): Operation {
  return async (_input, caller) => {
    const { estate } = await accountOf(context, caller);
    const all = [...PREDEFINED, ...(await estate.catalogue.configs())];
    return { deploymentConfigsList: all.map(({ deploymentConfigName }) => deploymentConfigName) };
  };
}

const revisionInput = named.extend({
  revision: z
    .object({
      revisionType: optionalText,
      appSpecContent: z.object({ sha256: optionalText }).nullish(),
    })
    .nullish(),
});

/** GetApplicationRevision: the one place that tells a revision's text, by its sha256. */
export function getApplicationRevision(context: Context): Operation {
  return async (input, caller) => {
    const { applicationName, revision } = read(revisionInput, input);
    const { account, estate } = await accountOf(context, caller);
    await applicationOf(estate, applicationName);
    if (revision === undefined || revision === null)
      throw new Refusal('RevisionRequired', 'The revision is required.');
    const hash = revision.appSpecContent?.sha256;
    const uses = context.desk.store
      .all()
      .filter((one) => one.account === account && one.group.applicationName === applicationName)
      .filter((one) => one.revision.sha256 === hash);
    const last = uses.at(-1);
    if (last === undefined)
      throw new Refusal(
        'RevisionDoesNotExist',
        `The application ${applicationName ?? ''} has no such revision.`,
      );
    const view = revisionView(last.revision);
    return {
      applicationName,
      revision: { ...view, appSpecContent: { content: last.revision.content, sha256: last.revision.sha256 } },
      revisionInfo: {
        deploymentGroups: [...new Set(uses.map(({ group }) => group.deploymentGroupName))],
        firstUsedTime: seconds(uses[0]?.createTime ?? last.createTime),
        lastUsedTime: seconds(last.createTime),
        registerTime: seconds(uses[0]?.createTime ?? last.createTime),
      },
    };
  };
}

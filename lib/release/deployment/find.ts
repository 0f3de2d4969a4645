import {
  type DeploymentGroupInfo,
  GetApplicationRevisionCommand,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  type ListDeploymentsCommandInput,
  type ListDeploymentsCommandOutput,
} from '@aws-sdk/client-codedeploy';
import { taskDefinitionOf } from '../app-spec';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { Refused } from '../errors';
import { readDescription } from '../description';
import { IN_FLIGHT_STATUSES, type Snapshot, stateOf } from './model';
import { Observer } from './observe';

/** A deployment group by its names. */
export interface GroupName {
  /** Of the application. */
  readonly application: string;
  /** Of the group. */
  readonly group: string;
}

type CodeDeploy = Pick<ReleaseClients, 'codeDeploy'>;

/**
 * Reads the deployment group.
 * @throws Refused when there is none
 */
export async function readGroup(
  { codeDeploy }: CodeDeploy,
  { application, group }: GroupName,
  patience: Patience,
): Promise<DeploymentGroupInfo> {
  try {
    const { deploymentGroupInfo } = await persist(
      'CodeDeploy',
      () =>
        codeDeploy.send(
          new GetDeploymentGroupCommand({ applicationName: application, deploymentGroupName: group }),
        ),
      patience,
    );
    return deploymentGroupInfo ?? {};
  } catch (error) {
    if (error instanceof Error && /^(Application|DeploymentGroup)DoesNotExist/.test(error.name))
      throw new Refused(`CodeDeploy knows no group ${group} of ${application}: deploy the app stack first.`);
    throw error;
  }
}

/**
 * The deployment of a group that is not over, the newest when one takes back another. Asked for by status, and for what
 * the group attempted last, since a status that is new to CodeDeploy cannot be asked for.
 */
export async function findRunning(
  clients: CodeDeploy,
  name: GroupName,
  patience: Patience,
): Promise<Snapshot | undefined> {
  const { lastAttemptedDeployment: last } = await readGroup(clients, name, patience);
  const ids = new Set(await list(clients, name, { includeOnlyStatuses: [...IN_FLIGHT_STATUSES] }, patience));
  if (last?.deploymentId !== undefined && stateOf(last.status) === 'in-flight') ids.add(last.deploymentId);
  const found: Snapshot[] = [];
  for (const id of ids) found.push(await new Observer(clients, id).look(patience));
  return found
    .filter(({ state }) => state === 'in-flight')
    .sort((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))[0];
}

/** Ids of a group's deployments that were created since a moment, whatever became of them. */
export function listSince(
  clients: CodeDeploy,
  name: GroupName,
  start: Date,
  patience: Patience,
): Promise<readonly string[]> {
  return list(clients, name, { createTimeRange: { start } }, patience);
}

async function list(
  { codeDeploy }: CodeDeploy,
  { application, group }: GroupName,
  which: Pick<ListDeploymentsCommandInput, 'includeOnlyStatuses' | 'createTimeRange'>,
  patience: Patience,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page: ListDeploymentsCommandOutput = await persist(
      'CodeDeploy',
      () =>
        codeDeploy.send(
          new ListDeploymentsCommand({
            applicationName: application,
            deploymentGroupName: group,
            ...which,
            ...(nextToken !== undefined && { nextToken }),
          }),
        ),
      patience,
    );
    ids.push(...(page.deployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && nextToken !== '');
  return ids;
}

/** The task definition that a deployment brings up; nothing when CodeDeploy does not tell it in a form known here. */
export async function taskDefinitionBeingDeployed(
  { codeDeploy }: CodeDeploy,
  { application }: GroupName,
  id: string,
  patience: Patience,
): Promise<string | undefined> {
  const { deploymentInfo } = await persist(
    'CodeDeploy',
    () => codeDeploy.send(new GetDeploymentCommand({ deploymentId: id })),
    patience,
  );
  const revision = deploymentInfo?.revision;
  const inline = revision?.appSpecContent?.content;
  if (inline) return taskDefinitionOf(inline);
  if (!revision) return undefined;
  // GetDeployment leaves the text out, as null; the application keeps it by its digest.
  const kept = await persist(
    'CodeDeploy',
    () => codeDeploy.send(new GetApplicationRevisionCommand({ applicationName: application, revision })),
    patience,
  ).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'RevisionDoesNotExistException') return undefined;
    throw error;
  });
  return taskDefinitionOf(kept?.revision?.appSpecContent?.content ?? '');
}

/** A running deployment in the words of a refusal. */
export function nameOf(snapshot: Snapshot, now: Date): string {
  const { id, status, description, creator, createdAt, takesBack } = snapshot;
  const words = readDescription(description);
  const what =
    takesBack !== undefined ? `takes back ${takesBack}` : words && `${words.kind} of ${words.commit}`;
  const who = words?.by ?? creator;
  const since =
    createdAt && `${Math.max(0, Math.round((now.getTime() - createdAt.getTime()) / 60_000))} min ago`;
  const parts = [status, what, who === undefined ? undefined : `by ${who}`, since && `begun ${since}`];
  return `${id} (${parts.filter(Boolean).join(', ')})`;
}

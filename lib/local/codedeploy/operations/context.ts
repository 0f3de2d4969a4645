import { z } from 'zod';
import { groupKey, type Deployment } from '../model/deployment';
import {
  type Application,
  type DeploymentConfig,
  type DeploymentGroup,
  PREDEFINED,
} from '../model/catalogue';
import type { Desk } from '../desk';
import type { Estate } from '../ports';
import { Refusal } from '../protocol/refusal';
import type { Caller } from '../protocol/server';

/** What the operations work with. */
export interface Context {
  /** Runs deployments. */
  readonly desk: Desk;
  /** Account of the caller; nothing when its key is nobody's. */
  readonly accountOf: (caller: Caller) => Promise<string | undefined>;
}

/** A text or nothing; an API client may send null. */
export const optionalText = z.string().nullish();

/** Reads an operation's input. @throws Refusal as an SDK's own validation would have it */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new Refusal(
    'Validation',
    result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

/** The caller's account and what stands behind it. */
export async function accountOf(
  { desk, accountOf: ask }: Context,
  caller: Caller,
): Promise<{ readonly account: string; readonly estate: Estate }> {
  const account = await ask(caller);
  if (account === undefined)
    throw new Refusal('InvalidClientTokenId', 'The security token included in the request is invalid.');
  return { account, estate: desk.estateOf(account) };
}

/** The deployment of an id, as the caller's account sees it. */
export async function deploymentOf(
  context: Context,
  caller: Caller,
  id: string | null | undefined,
): Promise<Deployment> {
  if (id === undefined || id === null || id === '')
    throw new Refusal('DeploymentIdRequired', 'At least one deployment ID must be specified.');
  if (!/^d-[A-Z0-9]{9}$/.test(id))
    throw new Refusal('InvalidDeploymentId', `The deployment ID ${id} is not in a valid format.`);
  const { account } = await accountOf(context, caller);
  const found = context.desk.store.find(id);
  if (found?.account !== account)
    throw new Refusal('DeploymentDoesNotExist', `The deployment ${id} could not be found.`);
  return found;
}

/** An application by its name. */
export async function applicationOf(estate: Estate, name: string | null | undefined): Promise<Application> {
  if (name === undefined || name === null || name === '')
    throw new Refusal('ApplicationNameRequired', 'Application name is required.');
  const found = (await estate.catalogue.applications()).find(
    ({ applicationName }) => applicationName === name,
  );
  if (found === undefined)
    throw new Refusal('ApplicationDoesNotExist', `No application found for name: ${name}`);
  return found;
}

/** A deployment group by its names. */
export async function groupOf(
  estate: Estate,
  application: string | null | undefined,
  name: string | null | undefined,
): Promise<DeploymentGroup> {
  const { applicationName } = await applicationOf(estate, application);
  if (name === undefined || name === null || name === '')
    throw new Refusal('DeploymentGroupNameRequired', 'Deployment Group name is required.');
  const found = (await estate.catalogue.groups()).find(
    (group) => group.applicationName === applicationName && group.deploymentGroupName === name,
  );
  if (found === undefined)
    throw new Refusal('DeploymentGroupDoesNotExist', `No Deployment Group found for name: ${name}`);
  return found;
}

/** A deployment configuration by its name. */
export async function configOf(estate: Estate, name: string | null | undefined): Promise<DeploymentConfig> {
  if (name === undefined || name === null || name === '')
    throw new Refusal('DeploymentConfigNameRequired', 'Deployment configuration name is required.');
  const found = [...PREDEFINED, ...(await estate.catalogue.configs())].find(
    ({ deploymentConfigName }) => deploymentConfigName === name,
  );
  if (found === undefined)
    throw new Refusal('DeploymentConfigDoesNotExist', `No deployment configuration found for name: ${name}`);
  return found;
}

/** Whether two deployments or groups are of the same group. */
export function sameGroup(a: Pick<Deployment, 'account' | 'group'>, b: typeof a): boolean {
  return groupKey(a) === groupKey(b);
}

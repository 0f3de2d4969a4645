import {
  type Change as WireChange,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { describeStack } from '../aws/stack';
import { templateDigest } from '../../shared/template-digest';
import { Refused } from '../errors';
import type { Change, ChangeSet, Resources } from './model';
import { type Given, givenBy, resourcesOf } from './resolve';
import { transformIn } from './transforms';
import { isObject } from './values';

type CloudFormation = Pick<ReleaseClients, 'cloudFormation'>;

const POLL_MS = 2_000;
/** Longest that a change set may be in the making, in milliseconds; the step before has waited for it already. */
const MAKING_MS = 120_000;
/** What CloudFormation says of a change set that changes nothing. */
const NOTHING = /didn't contain changes|no updates are to be performed/i;

/** A change set, and the template that it has to be of. */
export interface Covered {
  /** Name of its stack. */
  readonly stack: string;
  /** Its own name. */
  readonly name: string;
  /** Digest of the template that the evidence covers (`lib/shared/template-digest.ts`). */
  readonly template: string;
}

/**
 * Reads a change set and the templates on both of its sides.
 * @throws Refused when there is none, it failed, it is not ready, it is of another template than the evidence covers, or it
 * holds what the templates do not show
 */
export async function readChangeSet(
  clients: CloudFormation,
  { stack, name, template }: Covered,
  patience: Patience,
): Promise<ChangeSet> {
  const said = await readChanges(clients, stack, name, patience);
  if (said === undefined) return { stack, name, changes: [], before: {}, after: {} };
  const { changes, given, changed } = said;
  const deployed = await describeStack(clients.cloudFormation, stack, patience);
  const standing = await readTemplate(clients, stack, patience, givenBy(deployed?.Parameters));
  const text = await templateText(clients, stack, name, patience);
  const made = resourcesOf(templateOf(text, stack), given, changed);
  const digest = text.trim() === '' ? 'none' : templateDigest(text);
  // Between the look at the evidence and the making of the change set, whoever may write the artifacts can exchange them.
  if (digest !== template)
    throw new Refused(
      `${stack}: the change set ${name} is of another template (${digest}) than the evidence covers (${template}): nobody has judged it.`,
    );
  for (const { id, type } of changes) {
    if (!(id in standing) && !(id in made))
      throw new Refused(`${stack}: the change set holds ${id}, and no template shows it: it is not judged.`);
    if (type === 'AWS::CloudFormation::Stack')
      throw new Refused(`${stack}: ${id} is a nested stack, whose changes are not shown: it is not judged.`);
  }
  // A resource behind a condition stands in a template also where it is not made.
  const without = (resources: Resources, action: Change['action']): Resources => {
    const absent = new Set(changes.filter((one) => one.action === action).map(({ id }) => id));
    return Object.fromEntries(Object.entries(resources).filter(([id]) => !absent.has(id)));
  };
  return { stack, name, changes, before: without(standing, 'Add'), after: without(made, 'Remove') };
}

/** What a change set says. */
interface Said {
  readonly changes: readonly Change[];
  /** Its parameters. */
  readonly given: Given;
  /** Names of the parameters whose change is what changes a resource. */
  readonly changed: ReadonlySet<string>;
}

/** What a change set does; undefined where CloudFormation says that it would do nothing. */
async function readChanges(
  { cloudFormation }: CloudFormation,
  stack: string,
  name: string,
  patience: Patience,
): Promise<Said | undefined> {
  const { clock } = patience;
  const changes: Change[] = [];
  const changed = new Set<string>();
  let nextToken: string | undefined;
  for (const end = clock.now() + MAKING_MS; ;) {
    const page: DescribeChangeSetCommandOutput = await persist(
      'CloudFormation',
      () =>
        cloudFormation.send(
          new DescribeChangeSetCommand({
            StackName: stack,
            ChangeSetName: name,
            ...(nextToken !== undefined && { NextToken: nextToken }),
          }),
        ),
      patience,
    ).catch((error: unknown) => {
      if (error instanceof Error && /ChangeSetNotFound|does not exist/.test(`${error.name} ${error.message}`))
        throw new Refused(`${stack} has no change set ${name}: prepare it first.`);
      throw error;
    });
    const { Status, StatusReason = '' } = page;
    if (Status === 'FAILED' && NOTHING.test(StatusReason)) return undefined;
    if (Status === 'FAILED') throw new Refused(`The change set ${name} of ${stack} failed: ${StatusReason}`);
    if (Status === 'CREATE_PENDING' || Status === 'CREATE_IN_PROGRESS') {
      if (clock.now() >= end)
        throw new Refused(`The change set ${name} of ${stack} is not ready after two minutes (${Status}).`);
      await clock.sleep(POLL_MS);
      continue;
    }
    if (Status !== 'CREATE_COMPLETE')
      throw new Refused(`The change set ${name} of ${stack} cannot be executed (${Status ?? 'no status'}).`);
    for (const change of page.Changes ?? []) {
      changes.push(...changeOf(change));
      for (const { ChangeSource, CausingEntity } of change.ResourceChange?.Details ?? [])
        if (ChangeSource === 'ParameterReference' && CausingEntity !== undefined) changed.add(CausingEntity);
    }
    nextToken = page.NextToken;
    if (nextToken === undefined || nextToken === '')
      return { changes, changed, given: givenBy(page.Parameters) };
  }
}

function changeOf({ ResourceChange: change }: WireChange): readonly Change[] {
  if (change?.LogicalResourceId === undefined) return [];
  const names = (change.Details ?? []).flatMap(({ Target }) =>
    Target?.Attribute === 'Properties' ? [Target.Name ?? 'Properties'] : [Target?.Attribute ?? 'Properties'],
  );
  return [
    {
      action: change.Action ?? 'Dynamic',
      id: change.LogicalResourceId,
      type: change.ResourceType ?? '',
      // Absent for what is added or removed.
      replacement: change.Replacement ?? (change.Action === 'Modify' ? 'Conditional' : 'False'),
      ...(change.PolicyAction !== undefined && { policy: change.PolicyAction }),
      properties: [...new Set(names)].sort(),
    },
  ];
}

/**
 * Reads the resources of a stack as they are deployed, its parameters put in place.
 * @throws Refused when the template was not made by the CDK
 */
export async function readTemplate(
  clients: CloudFormation,
  stack: string,
  patience: Patience,
  given: Given,
): Promise<Resources> {
  return resourcesOf(templateOf(await templateText(clients, stack, undefined, patience), stack), given);
}

/** The text of a stack's template, or of the one that a change set would have; empty where there is none. */
async function templateText(
  { cloudFormation }: CloudFormation,
  stack: string,
  changeSet: string | undefined,
  patience: Patience,
): Promise<string> {
  const { TemplateBody = '' } = await persist(
    'CloudFormation',
    () =>
      cloudFormation.send(
        new GetTemplateCommand({
          StackName: stack,
          TemplateStage: 'Original',
          ...(changeSet !== undefined && { ChangeSetName: changeSet }),
        }),
      ),
    patience,
  );
  return TemplateBody;
}

/** A template as it is read; a stack that was never deployed has an empty one. */
function templateOf(text: string, stack: string): Readonly<Record<string, unknown>> {
  const template = text.trim() === '' ? {} : parse(text, stack);
  if (!isObject(template)) return {};
  const place = transformIn(template);
  if (place !== undefined)
    throw new Refused(
      `The template of ${stack} is transformed when it is deployed (${place}): it is not judged.`,
    );
  return template;
}

function parse(text: string, stack: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refused(
      `The template of ${stack} is not JSON: it was not made by the CDK, and is not judged here.`,
    );
  }
}

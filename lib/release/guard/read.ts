import {
  type Change as WireChange,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { templateDigest } from '../../shared/template-digest';
import { Refused } from '../errors';
import type { Change, ChangeSet, Resources } from './model';
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
  const changes = await readChanges(clients, stack, name, patience);
  if (changes === undefined) return { stack, name, changes: [], before: {}, after: {} };
  const before = await readTemplate(clients, stack, patience);
  const text = await templateText(clients, stack, name, patience);
  const after = resourcesOf(text, stack);
  const digest = text.trim() === '' ? 'none' : templateDigest(text);
  // Between the look at the evidence and the making of the change set, whoever may write the artifacts can exchange them.
  if (digest !== template)
    throw new Refused(
      `${stack}: the change set ${name} is of another template (${digest}) than the evidence covers (${template}): nobody has judged it.`,
    );
  for (const { id, type } of changes) {
    if (!(id in before) && !(id in after))
      throw new Refused(`${stack}: the change set holds ${id}, and no template shows it: it is not judged.`);
    if (type === 'AWS::CloudFormation::Stack')
      throw new Refused(`${stack}: ${id} is a nested stack, whose changes are not shown: it is not judged.`);
  }
  return { stack, name, changes, before, after };
}

/** What a change set does; undefined where CloudFormation says that it would do nothing. */
async function readChanges(
  { cloudFormation }: CloudFormation,
  stack: string,
  name: string,
  patience: Patience,
): Promise<readonly Change[] | undefined> {
  const { clock } = patience;
  const changes: Change[] = [];
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
    changes.push(...(page.Changes ?? []).flatMap(changeOf));
    nextToken = page.NextToken;
    if (nextToken === undefined || nextToken === '') return changes;
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
 * Reads the resources of a stack as they are deployed.
 * @throws Refused when the template was not made by the CDK
 */
export async function readTemplate(
  clients: CloudFormation,
  stack: string,
  patience: Patience,
): Promise<Resources> {
  return resourcesOf(await templateText(clients, stack, undefined, patience), stack);
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

/** The resources of a template, what they look up in its mappings put in place. */
function resourcesOf(text: string, stack: string): Resources {
  // A stack that was never deployed has an empty one.
  if (text.trim() === '') return {};
  const template = parse(text, stack);
  if (!isObject(template) || !isObject(template.Resources)) return {};
  if (template.Transform !== undefined)
    throw new Refused(`The template of ${stack} is transformed when it is deployed: it is not judged.`);
  const mappings = isObject(template.Mappings) ? template.Mappings : {};
  return withMappings(template.Resources, mappings) as Resources;
}

/** A value with what its mappings hold in place of each look-up: a mapping that changes changes what looks it up. */
function withMappings(value: unknown, mappings: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((one) => withMappings(one, mappings));
  if (!isObject(value)) return value;
  const look = value['Fn::FindInMap'];
  if (!Array.isArray(look))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withMappings(one, mappings)]));
  const [mapping, ...keys] = look as readonly unknown[];
  let held: unknown = mappings[String(mapping)];
  for (const key of keys.slice(0, 2)) {
    // What only the deployment knows chooses among all of them.
    if (typeof key !== 'string') return { 'Fn::FindInMap': [mapping, ...keys, held] };
    held = isObject(held) ? held[key] : undefined;
  }
  return held ?? value;
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

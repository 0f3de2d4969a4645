import {
  type Change as WireChange,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { ReleaseClients } from '../aws/clients';
import { type Patience, persist } from '../aws/persist';
import { Refused } from '../errors';
import type { Change, ChangeSet, Resources } from './model';
import { isObject } from './values';

type CloudFormation = Pick<ReleaseClients, 'cloudFormation'>;

const POLL_MS = 2_000;
/** Longest that a change set may be in the making, in milliseconds; the step before has waited for it already. */
const MAKING_MS = 120_000;
/** What CloudFormation says of a change set that changes nothing. */
const NOTHING = /didn't contain changes|no updates are to be performed/i;

/**
 * Reads a change set and the templates on both of its sides.
 * @throws Refused when there is none, or it failed
 */
export async function readChangeSet(
  clients: CloudFormation,
  stack: string,
  name: string,
  patience: Patience,
): Promise<ChangeSet> {
  const changes = await readChanges(clients, stack, name, patience);
  if (changes.length === 0) return { stack, name, changes, before: {}, after: {} };
  const before = await readTemplate(clients, stack, undefined, patience);
  return { stack, name, changes, before, after: await readTemplate(clients, stack, name, patience) };
}

async function readChanges(
  { cloudFormation }: CloudFormation,
  stack: string,
  name: string,
  patience: Patience,
): Promise<readonly Change[]> {
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
    if (Status === 'FAILED' && NOTHING.test(StatusReason)) return [];
    if (Status === 'FAILED') throw new Refused(`The change set ${name} of ${stack} failed: ${StatusReason}`);
    if (Status !== undefined && Status !== 'CREATE_COMPLETE' && clock.now() < end) {
      await clock.sleep(POLL_MS);
      continue;
    }
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
 * Reads the resources of a stack: as they are deployed, or as the named change set would have them.
 * @throws Refused when the template was not made by the CDK
 */
export async function readTemplate(
  { cloudFormation }: CloudFormation,
  stack: string,
  changeSet: string | undefined,
  patience: Patience,
): Promise<Resources> {
  const { TemplateBody } = await persist(
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
  // A stack that was never deployed has an empty one.
  if (TemplateBody === undefined || TemplateBody.trim() === '') return {};
  const template = parse(TemplateBody, stack);
  return isObject(template) && isObject(template.Resources) ? (template.Resources as Resources) : {};
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

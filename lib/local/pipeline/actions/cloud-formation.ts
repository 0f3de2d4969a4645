import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  type Capability,
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOptions } from '../../cloud';
import { localiseTemplate } from '../../localise/localise-template';
import { keepOriginals } from '../../localise/original';
import { parseTemplate } from '../../localise/template';
import type { Environment } from '../world/environment';
import { accountOf } from '../world/service-roles';
import { ActionError, type ActionContext, type ActionResult } from './context';

const POLL_MILLISECONDS = 200;
const NO_CHANGES = /didn't contain changes|No updates|no changes/i;

/** A CloudFormation action: prepares or executes a change set, in the account of the action's role. */
export async function cloudFormation(context: ActionContext): Promise<ActionResult> {
  const { action, definition, estate } = context;
  const account = accountOf(action.roleArn ?? definition.pipeline.roleArn);
  const environment = estate.environment(account, definition.region);
  const client = new CloudFormationClient(clientOptions(environment.cloud, await context.keys()));
  const play = new StackAction(context, client, environment);
  const mode = action.configuration['ActionMode'] ?? '';
  if (mode === 'CHANGE_SET_REPLACE') return play.prepare();
  if (mode === 'CREATE_UPDATE') await play.prepare();
  return play.execute();
}

class StackAction {
  private readonly stackName: string;
  private readonly changeSet: string;
  private readonly templateFile: string;

  constructor(
    private readonly context: ActionContext,
    private readonly client: CloudFormationClient,
    private readonly environment: Environment,
  ) {
    const { configuration } = context.action;
    this.stackName = configuration['StackName'] ?? '';
    this.changeSet = configuration['ChangeSetName'] ?? 'PipelineChange';
    // Beside the actions' own folders, since the executing action has no artifact to read it from.
    this.templateFile = path.join(
      context.folder,
      '..',
      `${this.environment.cloud.account}-${this.stackName}.json`,
    );
  }

  async prepare(): Promise<ActionResult> {
    const { configuration } = this.context.action;
    const body = await this.template();
    const stack = await this.stack();
    const names = { StackName: this.stackName, ChangeSetName: this.changeSet };
    await this.client.send(new DeleteChangeSetCommand(names)).catch(() => undefined);
    const fresh = stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS';
    const overrides = JSON.parse(configuration['ParameterOverrides'] ?? '{}') as Record<string, string>;
    await this.client.send(
      new CreateChangeSetCommand({
        ...names,
        ChangeSetType: fresh ? 'CREATE' : 'UPDATE',
        TemplateURL: await this.environment.upload(`${this.stackName}.json`, body),
        Capabilities: (configuration['Capabilities'] ?? '').split(',').filter(Boolean) as Capability[],
        ...(configuration['RoleArn'] === undefined ? {} : { RoleARN: configuration['RoleArn'] }),
        Parameters: Object.entries(overrides).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    const made = await this.described();
    for (const { ResourceChange: change } of made.Changes ?? [])
      this.context.log(
        `${change?.Action ?? ''} ${change?.LogicalResourceId ?? ''} (${change?.ResourceType ?? ''})${change?.Replacement === 'True' ? ', replaced' : ''}\n`,
      );
    if (made.Status === 'FAILED' && !NO_CHANGES.test(made.StatusReason ?? ''))
      throw new ActionError(`The change set of ${this.stackName} failed: ${made.StatusReason ?? ''}`);
    const count = made.Changes?.length ?? 0;
    return { note: count === 0 ? 'no changes' : `${count} ${count === 1 ? 'change' : 'changes'}` };
  }

  async execute(): Promise<ActionResult> {
    const start = new Date();
    const made = await this.described();
    const empty = made.Status === 'FAILED' || (made.Changes ?? []).length === 0;
    let note = 'no changes';
    if (!empty) {
      await this.client.send(
        new ExecuteChangeSetCommand({ StackName: this.stackName, ChangeSetName: this.changeSet }),
      );
      note = 'executed';
    } else if (await this.outputsDiffer()) note = await this.updateWithoutChangeSet();
    await this.settled(start);
    await this.environment.deployed();
    const outputs = (await this.stack())?.Outputs ?? [];
    for (const { OutputKey = '', OutputValue = '' } of outputs)
      this.context.log(`${OutputKey} = ${OutputValue}\n`);
    return {
      note,
      variables: Object.fromEntries(
        outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      ),
    };
  }

  /** The artifact's template, as the emulator can deploy it; what it needs beside the emulator is started. */
  private async template(): Promise<string> {
    const { action, artifacts, estate } = this.context;
    const [name = '', file = ''] = (action.configuration['TemplatePath'] ?? '').split('::');
    const folder = artifacts.get(name);
    if (folder === undefined || !fs.existsSync(path.join(folder, file)))
      throw new ActionError(`There is no ${file} in the artifact ${name}.`);
    const template = parseTemplate(fs.readFileSync(path.join(folder, file), 'utf8'));
    const { account, region } = this.environment.cloud;
    await this.environment.prepare(template);
    const options = await this.environment.localised(estate.bridge(account, region));
    const localised = keepOriginals(template, localiseTemplate(template, options));
    const body = JSON.stringify(localised);
    fs.writeFileSync(this.templateFile, body);
    return body;
  }

  private async stack(): Promise<Stack | undefined> {
    const { Stacks = [] } = await this.client
      .send(new DescribeStacksCommand({ StackName: this.stackName }))
      .catch((error: unknown) => {
        if (error instanceof Error && /does not exist/.test(error.message)) return { Stacks: [] };
        throw error;
      });
    return Stacks.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  }

  private async described(): Promise<DescribeChangeSetCommandOutput> {
    for (;;) {
      const made = await this.client.send(
        new DescribeChangeSetCommand({ StackName: this.stackName, ChangeSetName: this.changeSet }),
      );
      if (!/PENDING|IN_PROGRESS/.test(made.Status ?? '')) return made;
      await sleep(POLL_MILLISECONDS, undefined, { signal: this.context.signal });
    }
  }

  /** The emulator's change sets do not see a change of outputs alone, which the next stack may import. */
  private async outputsDiffer(): Promise<boolean> {
    if (!fs.existsSync(this.templateFile)) return false;
    const { TemplateBody } = await this.client.send(new GetTemplateCommand({ StackName: this.stackName }));
    const wanted = fs.readFileSync(this.templateFile, 'utf8');
    return JSON.stringify(JSON.parse(TemplateBody ?? '{}')) !== JSON.stringify(JSON.parse(wanted));
  }

  private async updateWithoutChangeSet(): Promise<string> {
    const stack = await this.stack();
    try {
      await this.client.send(
        new UpdateStackCommand({
          StackName: this.stackName,
          TemplateURL: await this.environment.upload(
            `${this.stackName}.json`,
            fs.readFileSync(this.templateFile, 'utf8'),
          ),
          Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
          ...(stack?.RoleARN === undefined ? {} : { RoleARN: stack.RoleARN }),
        }),
      );
      return 'updated without its change set, which the emulator had left empty';
    } catch (error) {
      if (error instanceof Error && NO_CHANGES.test(error.message)) return 'no changes';
      throw error;
    }
  }

  private async settled(since: Date): Promise<void> {
    for (;;) {
      const status = (await this.stack())?.StackStatus ?? '';
      if (/_IN_PROGRESS$/.test(status)) {
        await sleep(POLL_MILLISECONDS, undefined, { signal: this.context.signal });
        continue;
      }
      if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return;
      const reasons = await this.failures(since);
      for (const words of reasons) this.context.log(`${words}\n`);
      throw new ActionError(`${this.stackName} is ${status}: ${reasons[0] ?? 'it does not say why'}`);
    }
  }

  private async failures(since: Date): Promise<string[]> {
    const { StackEvents = [] } = await this.client.send(
      new DescribeStackEventsCommand({ StackName: this.stackName }),
    );
    return StackEvents.filter(
      ({ ResourceStatus, ResourceStatusReason, Timestamp }) =>
        (Timestamp?.getTime() ?? 0) >= since.getTime() - 1000 &&
        ResourceStatus?.endsWith('_FAILED') === true &&
        !/cancell?ed/i.test(ResourceStatusReason ?? ''),
    )
      .reverse()
      .map(
        ({ LogicalResourceId = '', ResourceType = '', ResourceStatusReason = '' }) =>
          `${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}`,
      );
  }
}

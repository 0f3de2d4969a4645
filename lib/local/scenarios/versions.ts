import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { templateDigest } from '../../shared/template-digest';
import { clientOptions, type LocalCloud } from '../cloud';
import type { Fault } from './faults';

/** Where versions are prepared. */
export interface VersionsProps {
  /** The local AWS. */
  readonly cloud: LocalCloud;
  /** Name of the stack that holds the service. */
  readonly stack: string;
  /** Folder of the images, by tag. */
  readonly images: string;
}

const CANARY = 'CodeDeployDefault.ECSCanary10Percent5Minutes';
/** One that the listener does not have; what it is does not matter. */
const OLD_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';
const UPDATE_MILLISECONDS = 120_000;
const templateSchema = z.looseObject({
  Outputs: z.looseObject({
    ReleaseVersion: z.object({ Value: z.string().regex(/^[0-9a-f]{40}$/) }),
  }),
});

/**
 * Prepares versions of the service as a deployment does: by its stack, with another image and another commit. The
 * releases of the environment shift as a canary meanwhile.
 */
export class Versions {
  private count = 0;

  private constructor(
    private readonly props: VersionsProps,
    private readonly client: CloudFormationClient,
    /** The template as it was found. */
    readonly template: string,
  ) {}

  /** Reads the stack as it stands. */
  static async open(props: VersionsProps): Promise<Versions> {
    const client = new CloudFormationClient(clientOptions(props.cloud));
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: props.stack }));
    return new Versions(props, client, TemplateBody);
  }

  /**
   * Prepares a version that does what the deployed one does, or has a fault. Its commit is one that nobody made.
   *
   * @param foreign - whether the migrations know nothing of it: otherwise its queries are those of the deployed one
   */
  async prepare(fault?: Fault, foreign = false): Promise<void> {
    this.count += 1;
    const { commit, tag } = this.present();
    const made = digest(`${commit} ${Date.now()} ${this.count}`);
    const image = `${made}${fault === undefined ? '' : `-${fault.name}`}`;
    this.plant(tag, image, fault);
    const changed = this.template
      .replaceAll(tag, image)
      .replaceAll(commit, made.slice(0, 40))
      .replaceAll(commit.slice(0, 12), foreign ? made.slice(0, 12) : commit.slice(0, 12))
      .replace(/CodeDeployDefault\.ECSAllAtOnce/g, CANARY);
    await this.update(changed);
  }

  /** Makes the stack what it was. */
  async restore(): Promise<void> {
    await this.update(this.template);
  }

  /**
   * Proposes, and does not make, a change of the listener that has the traffic.
   * @returns the change set's name, and the digest of its template
   */
  async proposeListenerChange(): Promise<{ readonly name: string; readonly template: string }> {
    const name = `scenario-${Date.now()}`;
    const { TemplateBody = '' } = await this.client.send(
      new GetTemplateCommand({ StackName: this.props.stack }),
    );
    const template = TemplateBody.replace(/ELBSecurityPolicy-[A-Za-z0-9-]+/g, OLD_POLICY);
    await this.client.send(
      new CreateChangeSetCommand({ ...(await this.asked(template)), ChangeSetName: name }),
    );
    return { name, template: templateDigest(template) };
  }

  private present(): { readonly commit: string; readonly tag: string } {
    const { Outputs } = templateSchema.parse(JSON.parse(this.template));
    const tag = /container-assets-\d{12}-[a-z0-9-]+:([A-Za-z0-9._-]+)/.exec(this.template)?.[1];
    if (tag === undefined) throw new Error(`The stack ${this.props.stack} runs no image of this repository.`);
    return { commit: Outputs.ReleaseVersion.Value, tag };
  }

  /** The image under another tag; with a fault, its program runs first. */
  private plant(from: string, to: string, fault: Fault | undefined): void {
    const folder = path.join(this.props.images, to);
    fs.cpSync(path.join(this.props.images, from), folder, { recursive: true });
    if (fault === undefined) return;
    fs.renameSync(path.join(folder, 'main.js'), path.join(folder, 'application.js'));
    fs.writeFileSync(path.join(folder, 'main.js'), `${fault.source}require('./application.js');\n`);
  }

  private async update(template: string): Promise<void> {
    const { stack } = this.props;
    await this.client.send(new UpdateStackCommand(await this.asked(template))).catch((error: unknown) => {
      if (!/No updates/.test(String(error))) throw error;
    });
    const deadline = Date.now() + UPDATE_MILLISECONDS;
    for (;;) {
      const { StackStatus = '', StackStatusReason = '' } = await this.describe();
      if (StackStatus.endsWith('_COMPLETE') && !StackStatus.includes('ROLLBACK')) return;
      if (!StackStatus.endsWith('_IN_PROGRESS') || Date.now() > deadline)
        throw new Error(`The stack ${stack} could not be changed: ${StackStatus} ${StackStatusReason}`);
      await sleep(200);
    }
  }

  private async asked(template: string): Promise<UpdateStackCommandInput> {
    const { Parameters = [] } = await this.describe();
    return {
      StackName: this.props.stack,
      TemplateURL: await this.upload(template),
      Parameters: Parameters.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
      Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    };
  }

  /** A template of this size is taken from a bucket only. @returns its address */
  private async upload(template: string): Promise<string> {
    const { cloud } = this.props;
    const s3 = new S3Client({ ...clientOptions(cloud), forcePathStyle: true });
    const Bucket = `scenarios-${cloud.account}`;
    await s3.send(new CreateBucketCommand({ Bucket })).catch((error: unknown) => {
      if (!/AlreadyOwnedByYou|AlreadyExists/.test(String(error))) throw error;
    });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'template.json', Body: template }));
    return `${cloud.endpoint}/${Bucket}/template.json`;
  }

  private async describe(): Promise<Stack> {
    const { stack } = this.props;
    const { Stacks } = await this.client.send(new DescribeStacksCommand({ StackName: stack }));
    if (Stacks?.[0] === undefined) throw new Error(`There is no stack ${stack}: run "npm start" first.`);
    return Stacks[0];
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import type { Json } from '../../bridge/literals';
import type { Template } from '../../localise/template';
import { resolve, type Scope } from './intrinsics';
import type { Definition, Pipeline } from './model';
import { readPipeline } from './read-pipeline';
import { readProject } from './read-project';

/** CloudFormation's type of a pipeline. */
export const PIPELINE = 'AWS::CodePipeline::Pipeline';
/** CloudFormation's type of a build project. */
export const PROJECT = 'AWS::CodeBuild::Project';

/** Where a template is deployed, and what its references stand for there. */
export interface Placed {
  /** Name of the stack. */
  readonly stackName: string;
  /** Twelve digits. */
  readonly account: string;
  /** Region. */
  readonly region: string;
  /** What `Ref` gives of a resource; its logical id as long as nothing is deployed. */
  readonly physicalId: (logicalId: string) => string;
}

/** How many pipelines a template holds. */
export function countPipelines(template: Template): number {
  return Object.values(template.Resources).filter(({ Type }) => Type === PIPELINE).length;
}

/**
 * Reads the pipeline of a template and every build project beside it, with the intrinsic functions resolved. Where there
 * are several it is the one that deploys; one that takes a release back is started by a person and not played.
 *
 * @throws Error when the template holds no pipeline, or several that deploy
 */
export function readDefinition(template: Template, placed: Placed): Definition {
  const scope = scopeOf(template, placed);
  const propertiesOf = (id: string): Json =>
    resolve(template.Resources[id]?.Properties ?? {}, scope, `${placed.stackName}/${id}`);
  const all = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === PIPELINE)
    .map(([id]) => readPipeline(propertiesOf(id), placed.physicalId(id)));
  const found = all.length > 1 ? all.filter(deploys) : all;
  const [pipeline, ...others] = found;
  if (pipeline === undefined || others.length > 0)
    throw new Error(
      `${placed.stackName} holds ${all.length} pipelines, of which ${found.length} deploy, and one is to be played.`,
    );
  const projects = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === PROJECT)
    .map(([id]) => readProject(propertiesOf(id), placed.physicalId(id)));
  return {
    stackName: placed.stackName,
    account: placed.account,
    region: placed.region,
    pipeline,
    projects: new Map(projects.map((project) => [project.name, project])),
  };
}

function deploys({ stages }: Pipeline): boolean {
  return stages.some(({ actions }) => actions.some(({ provider }) => provider === 'CloudFormation'));
}

function scopeOf(template: Template, placed: Placed): Scope {
  const { account, region, stackName, physicalId } = placed;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const parameters = (template['Parameters'] ?? {}) as Readonly<Record<string, { Default?: Json }>>;
  return {
    ref: (name) =>
      pseudo[name] ??
      parameters[name]?.Default ??
      (template.Resources[name] === undefined ? undefined : physicalId(name)),
    attribute: (id, name) => {
      const type = template.Resources[id]?.Type;
      return type === undefined ? undefined : attributeOf(type, physicalId(id), name, placed);
    },
    // Conditions of a synthesised pipeline hang on the region alone, which CDK Pipelines fixes.
    condition: () => undefined,
  };
}

/** The attributes that a pipeline's definition reads of its neighbours: their ARNs. */
function attributeOf(
  type: string,
  id: string,
  name: string,
  { account, region }: Placed,
): string | undefined {
  if (name !== 'Arn') return undefined;
  const arns: Readonly<Record<string, string>> = {
    'AWS::IAM::Role': `arn:aws:iam::${account}:role/${id}`,
    'AWS::KMS::Key': `arn:aws:kms:${region}:${account}:key/${id}`,
    'AWS::S3::Bucket': `arn:aws:s3:::${id}`,
    'AWS::SNS::Topic': id,
    'AWS::Lambda::Function': `arn:aws:lambda:${region}:${account}:function:${id}`,
    [PROJECT]: `arn:aws:codebuild:${region}:${account}:project/${id}`,
    'AWS::Logs::LogGroup': `arn:aws:logs:${region}:${account}:log-group:${id}:*`,
  };
  return arns[type];
}

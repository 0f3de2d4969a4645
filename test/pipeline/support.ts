import type { Template } from 'aws-cdk-lib/assertions';
import { TOOLS_DIGEST } from '../../lib/pipeline/steps/built-tools';

/** A statement of a policy, as far as tests look at it. */
interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The statements of the managed policies of a role, by its logical id. */
export function statementsOf(template: Template, roleId: string): Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .map(
      ({ Properties }) =>
        Properties as { Roles?: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } },
    )
    .filter(({ Roles }) => Roles?.some(({ Ref }) => Ref === roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** An action of the pipeline, as far as tests look at it. */
export interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly Namespace?: string;
  readonly InputArtifacts?: readonly { readonly Name: string }[];
  readonly Configuration: Readonly<Record<string, string>> & {
    readonly ProjectName?: { readonly Ref: string };
  };
}

/** The actions of a stage of the pipeline that releases. */
export function actionsOf(template: Template, stage: string): readonly Action[] {
  const stages = Object.values(template.findResources('AWS::CodePipeline::Pipeline')).flatMap(
    ({ Properties }) => (Properties as { Stages: { Name: string; Actions: Action[] }[] }).Stages,
  );
  return stages.find(({ Name }) => Name === stage)?.Actions ?? [];
}

/** The action of that name; a test that names one that is not there fails. */
export function actionOf(template: Template, stage: string, name: string): Action {
  const found = actionsOf(template, stage).find(({ Name }) => Name === name);
  if (!found) throw new Error(`${stage} has no action ${name}.`);
  return found;
}

/** A build project, as far as tests look at it. */
export interface Project {
  readonly ServiceRole: { readonly 'Fn::GetAtt': readonly [string, string] };
  readonly TimeoutInMinutes: number;
  readonly Source: { readonly BuildSpec: string };
  readonly Environment: {
    readonly EnvironmentVariables?: readonly { readonly Name: string; readonly Value: string }[];
  };
}

/** The project that an action builds. */
export function projectOf(template: Template, { Name, Configuration }: Action): Project {
  const found = template.findResources('AWS::CodeBuild::Project')[Configuration.ProjectName?.Ref ?? ''];
  if (!found) throw new Error(`${Name} builds no project.`);
  return found['Properties'] as Project;
}

/** What an action tells its build, but the digest that every tool is told: the project's variables, and over them its own. */
export function variablesOf(template: Template, action: Action): Readonly<Record<string, string>> {
  const all = Object.entries(allVariablesOf(template, action));
  return Object.fromEntries(all.filter(([name]) => name !== TOOLS_DIGEST));
}

/** Everything that an action tells its build. */
export function allVariablesOf(template: Template, action: Action): Readonly<Record<string, string>> {
  const { EnvironmentVariables: own = '[]' } = action.Configuration;
  const project = projectOf(template, action).Environment.EnvironmentVariables ?? [];
  return Object.fromEntries([
    ...project.map(({ Name, Value }) => [Name, Value]),
    ...(JSON.parse(own) as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  ]) as Record<string, string>;
}

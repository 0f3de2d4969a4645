import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { parseTemplate, type Resource } from '../../localise/template';
import type { Definition } from './model';
import { countPipelines, readDefinition } from './read-definition';

const manifestSchema = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        environment: z.string().optional(),
        displayName: z.string().optional(),
        properties: z
          .looseObject({
            templateFile: z.string().optional(),
            stackName: z.string().optional(),
            directoryName: z.string().optional(),
          })
          .default({}),
      }),
    )
    .default({}),
});

/** A stack of a cloud assembly. */
export interface AssemblyStack {
  /** Name that it is deployed under. */
  readonly stackName: string;
  /** What the CDK's command line calls it, such as `Pipeline` or `Dev/Network`. */
  readonly displayName: string;
  /** Template, absolute. */
  readonly templateFile: string;
  /** Account, or `unknown-account` when the stack does not say. */
  readonly account: string;
  /** Region, or `unknown-region`. */
  readonly region: string;
}

/** The stacks of a cloud assembly and of the stages in it. */
export function stacksOf(assembly: string): AssemblyStack[] {
  const { artifacts } = manifestSchema.parse(
    JSON.parse(fs.readFileSync(path.join(assembly, 'manifest.json'), 'utf8')),
  );
  return Object.entries(artifacts).flatMap(([id, { type, environment, displayName, properties }]) => {
    if (type === 'cdk:cloud-assembly') return stacksOf(path.join(assembly, properties.directoryName ?? id));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
    return [
      {
        stackName: properties.stackName ?? id,
        displayName: displayName ?? id,
        templateFile: path.join(assembly, properties.templateFile ?? ''),
        account,
        region,
      },
    ];
  });
}

/**
 * The stacks of an assembly that hold a pipeline.
 *
 * @throws Error when none does
 */
export function pipelineStacks(assembly: string): AssemblyStack[] {
  const found = stacksOf(assembly).filter(
    ({ templateFile }) => countPipelines(parseTemplate(fs.readFileSync(templateFile, 'utf8'))) > 0,
  );
  if (found.length === 0) throw new Error(`No stack of ${assembly} holds a pipeline.`);
  return found;
}

/**
 * Reads a pipeline as it was synthesised. What only a deployment tells, such as a generated name, is the logical id.
 *
 * @param stackName - stack to take, when several hold a pipeline
 * @throws Error when there is none, or none of that name, or several and no name
 */
export function readSynthesised(assembly: string, stackName?: string): Definition {
  const stacks = pipelineStacks(assembly);
  const chosen = stackName === undefined ? stacks : stacks.filter((stack) => stack.stackName === stackName);
  const [stack, ...others] = chosen;
  const names = stacks.map((one) => one.stackName).join(', ');
  if (stack === undefined)
    throw new Error(`There is no pipeline stack ${stackName ?? ''}: there is ${names}.`);
  if (others.length > 0) throw new Error(`Several stacks hold a pipeline: name one of ${names}.`);
  const template = parseTemplate(fs.readFileSync(stack.templateFile, 'utf8'));
  return readDefinition(template, {
    ...stack,
    physicalId: (logicalId) => nameOf(template.Resources[logicalId]) ?? logicalId,
  });
}

/** The name that a template gives a resource of the types that a pipeline refers to. */
function nameOf(resource: Resource | undefined): string | undefined {
  const { Name, RoleName, BucketName } = resource?.Properties ?? {};
  return [Name, RoleName, BucketName].find((name) => typeof name === 'string');
}

import { z } from 'zod';
import { bridge, type Identity, type Made } from './contract';

const properties = z.looseObject({ Name: z.string().optional() });

const pipeline = bridge(properties, {
  create: (given, identity) => Promise.resolve(made(given.Name, identity)),
  update: (id) => Promise.resolve({ id, attributes: { Version: id } }),
});

function made(given: string | undefined, { name }: Identity): Made {
  const id = given ?? name;
  return { id, attributes: { Version: id } };
}

/** CodePipeline's type: its definition stands in the deployed template, from where the rehearsal reads it. */
export const bridges = { 'AWS::CodePipeline::Pipeline': pipeline };

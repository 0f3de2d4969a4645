import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type Bridge, identify, type Made } from './contract';
import { type Json, restoreLiterals } from './literals';
import { findBridge } from './registry';

/** What the localised template gives beside the resource's own properties. */
interface Localised {
  readonly LocalType: string;
  readonly LocalProperties?: Json;
}

/** Serves every rewritten resource of the local stacks, as CloudFormation's custom resource protocol says. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { LocalType } = event.ResourceProperties as unknown as Localised;
  try {
    const made = await serve(event, findBridge(LocalType));
    await answer(event, { Status: 'SUCCESS', PhysicalResourceId: made.id, Data: made.attributes ?? {} });
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await answer(event, {
      Status: 'FAILED',
      Reason: `${LocalType}: ${reason}`.slice(0, 900),
      // A create that failed left nothing behind; CloudFormation will still ask to delete this id.
      PhysicalResourceId: event.RequestType === 'Create' ? NOTHING : event.PhysicalResourceId,
    });
  }
}

const NOTHING = 'nothing-was-made';

async function serve(event: CloudFormationCustomResourceEvent, found: Bridge): Promise<Made> {
  const properties = propertiesOf(event.ResourceProperties);
  const identity = identify(event.StackId, event.LogicalResourceId, properties);
  switch (event.RequestType) {
    case 'Create':
      return found.create(properties, identity);
    case 'Update':
      return found.update
        ? found.update(
            event.PhysicalResourceId,
            properties,
            propertiesOf(event.OldResourceProperties),
            identity,
          )
        : found.create(properties, identity);
    case 'Delete':
      if (event.PhysicalResourceId !== NOTHING)
        await found.remove?.(event.PhysicalResourceId, properties, identity);
      return { id: event.PhysicalResourceId };
  }
}

function propertiesOf(resource: object): Json {
  return restoreLiterals((resource as Localised).LocalProperties ?? {});
}

async function answer(event: CloudFormationCustomResourceEvent, body: object): Promise<void> {
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      ...body,
    }),
  });
}

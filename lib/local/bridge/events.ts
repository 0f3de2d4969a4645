import {
  CreateArchiveCommand,
  DeleteArchiveCommand,
  EventBridgeClient,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import { bridge, type Identity, unless } from './contract';

const events = new EventBridgeClient();

const properties = z.object({
  ArchiveName: z.string().optional(),
  SourceArn: z.string(),
  Description: z.string().optional(),
  EventPattern: z.json().optional(),
  RetentionDays: z.number().optional(),
  KmsKeyIdentifier: z.string().optional(),
});

function input(
  given: z.output<typeof properties>,
  { name }: Identity,
): {
  ArchiveName: string;
  Description: string | undefined;
  EventPattern: string | undefined;
  RetentionDays: number | undefined;
  KmsKeyIdentifier: string | undefined;
} {
  return {
    // EventBridge's limit for the name of an archive.
    ArchiveName: (given.ArchiveName ?? name).slice(-48),
    Description: given.Description,
    EventPattern: given.EventPattern === undefined ? undefined : JSON.stringify(given.EventPattern),
    RetentionDays: given.RetentionDays,
    KmsKeyIdentifier: given.KmsKeyIdentifier,
  };
}

const archive = bridge(properties, {
  create: async (given, identity) => {
    const values = input(given, identity);
    const id = values.ArchiveName;
    await unless(/AlreadyExists/, () =>
      events.send(new CreateArchiveCommand({ ...values, EventSourceArn: given.SourceArn })),
    );
    const { account, region } = identity;
    return { id, attributes: { Arn: `arn:aws:events:${region}:${account}:archive/${id}`, ArchiveName: id } };
  },
  update: async (id, given, _previous, identity) => {
    await events.send(new UpdateArchiveCommand({ ...input(given, identity), ArchiveName: id }));
    const { account, region } = identity;
    return { id, attributes: { Arn: `arn:aws:events:${region}:${account}:archive/${id}`, ArchiveName: id } };
  },
  remove: async (id) =>
    unless(/ResourceNotFound/, () => events.send(new DeleteArchiveCommand({ ArchiveName: id }))),
});

/** EventBridge's types. */
export const bridges = { 'AWS::Events::Archive': archive };

import {
  AssociateWebACLCommand,
  CreateIPSetCommand,
  DeleteIPSetCommand,
  DisassociateWebACLCommand,
  GetIPSetCommand,
  ListIPSetsCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { z } from 'zod';
import { bridge, present, unless } from './contract';

const waf = new WAFV2Client();
const GONE = /NonexistentItem/;
const scope = z.enum(['REGIONAL', 'CLOUDFRONT']);

const ipSet = bridge(
  z.object({
    Name: z.string().optional(),
    Scope: scope,
    IPAddressVersion: z.enum(['IPV4', 'IPV6']),
    Addresses: z.array(z.string()),
    Description: z.string().optional(),
  }),
  {
    create: async (properties, { name, versionedName }) => {
      const { Scope } = properties;
      const Name = properties.Name ?? (versionedName || name);
      const { IPSets = [] } = await waf.send(new ListIPSetsCommand({ Scope }));
      const made =
        IPSets.find((candidate) => candidate.Name === Name) ??
        (await waf.send(new CreateIPSetCommand({ ...properties, Name }))).Summary;
      const id = present(made?.Id, 'IP set');
      return { id: `${Name}|${id}|${Scope}`, attributes: { Arn: present(made?.ARN, 'IP set ARN'), Id: id } };
    },
    remove: async (physicalId, { Scope }) =>
      unless(GONE, async () => {
        const [Name, Id] = physicalId.split('|');
        const { LockToken } = await waf.send(new GetIPSetCommand({ Name, Id, Scope }));
        await waf.send(new DeleteIPSetCommand({ Name, Id, Scope, LockToken }));
      }),
  },
);

const association = bridge(z.object({ WebACLArn: z.string(), ResourceArn: z.string() }), {
  create: async (properties) => {
    await waf.send(new AssociateWebACLCommand(properties));
    return { id: `${properties.WebACLArn}|${properties.ResourceArn}` };
  },
  remove: async (_id, { ResourceArn }) =>
    unless(GONE, () => waf.send(new DisassociateWebACLCommand({ ResourceArn }))),
});

/** WAF's types; the emulator keeps the rules and filters nothing. */
export const bridges = {
  'AWS::WAFv2::IPSet': ipSet,
  'AWS::WAFv2::WebACLAssociation': association,
};

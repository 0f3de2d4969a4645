import { IAMClient, PutRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { z } from 'zod';
import { bridge } from './contract';

const iam = new IAMClient();

const role = bridge(z.object({ Id: z.string(), PermissionsBoundary: z.string() }), {
  create: async ({ Id, PermissionsBoundary }) => {
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: Id, PermissionsBoundary }));
    return { id: `${Id}|properties` };
  },
});

/** What the template's own way drops of a role. */
export const bridges = { 'reconcile:AWS::IAM::Role': role };

import { DescribeSubnetsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { TargetAddress } from '../load-balancer/model';

/** AWS keeps a subnet's first four addresses and its last for itself. */
const RESERVED = 4;

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/**
 * Gives tasks addresses in their subnets, as Fargate does, and knows which loopback port stands for each. The
 * emulator tells targets of one group apart by their address alone, so tasks cannot all be 127.0.0.1.
 */
export class Addresses {
  private readonly ports = new Map<string, number>();

  constructor(private readonly client: EC2Client) {}

  /** Takes a free address in one of the subnets for a container port that is served on a loopback port. */
  async take(subnets: readonly string[], containerPort: number, port: number): Promise<TargetAddress> {
    const { Subnets = [] } = await this.client.send(new DescribeSubnetsCommand({ SubnetIds: [...subnets] }));
    const used = new Set([...this.ports.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))));
    for (let offset = RESERVED; offset < 250; offset += 1)
      for (const { CidrBlock = '' } of Subnets) {
        const id = toText(toNumber(CidrBlock.split('/')[0] ?? '') + offset);
        if (used.has(id)) continue;
        this.ports.set(`${id}:${containerPort}`, port);
        return { id, port: containerPort };
      }
    throw new Error('There is no free address in the subnets of the service.');
  }

  /** Gives an address back. */
  release({ id, port }: TargetAddress): void {
    this.ports.delete(`${id}:${port}`);
  }

  /** Where on this machine an address is served. */
  resolve({ id, port }: TargetAddress): { readonly host: string; readonly port: number } | undefined {
    const found = this.ports.get(`${id}:${port}`);
    return found === undefined ? undefined : { host: '127.0.0.1', port: found };
  }
}

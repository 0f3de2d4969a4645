import { GetAccessKeyInfoCommand, STSClient } from '@aws-sdk/client-sts';
import { clientOptions, type LocalCloud } from '../../cloud';
import type { Caller } from '../protocol/server';

/** Whose a caller's key is: the emulator takes a twelve-digit one for its account, and knows those it handed out. */
export class Accounts {
  private readonly sts: STSClient;
  private readonly known = new Map<string, string>();

  constructor(cloud: LocalCloud) {
    this.sts = new STSClient(clientOptions(cloud));
  }

  /** The account; nothing when the key is nobody's. */
  async of({ accessKeyId }: Caller): Promise<string | undefined> {
    if (/^\d{12}$/.test(accessKeyId)) return accessKeyId;
    const found = this.known.get(accessKeyId);
    if (found !== undefined) return found;
    const told = await this.sts
      .send(new GetAccessKeyInfoCommand({ AccessKeyId: accessKeyId }))
      .catch(() => undefined);
    if (told?.Account !== undefined) this.known.set(accessKeyId, told.Account);
    return told?.Account;
  }
}

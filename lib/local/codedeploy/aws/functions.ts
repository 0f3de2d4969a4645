import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Functions } from '../ports';

/** The emulator's functions. */
export class LocalFunctions implements Functions {
  constructor(private readonly lambda: LambdaClient) {}

  async invoke(nameOrArn: string, payload: object): Promise<{ readonly error?: string }> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName: nameOrArn, Payload: JSON.stringify(payload) }),
    );
    if (FunctionError === undefined) return {};
    const told = Payload === undefined ? '' : Buffer.from(Payload).toString('utf8').slice(0, 500);
    return { error: `${FunctionError}: ${told}` };
  }
}

import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';

/** What the sign-in answers, and what Lambda answers for it when it fails. */
const answer = z.union([
  z.object({ accessToken: z.string().min(1) }),
  z.object({ errorType: z.string().optional(), errorMessage: z.string() }),
]);

/**
 * Has an environment's own function sign in the synthetic person: whoever asks sees neither password nor authenticator.
 * @returns an access token of five minutes
 * @throws Error that says why there is none, without anything secret
 */
export async function syntheticToken(
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
): Promise<string> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: '{}' }),
  );
  const { data } = answer.safeParse(parse(new TextDecoder().decode(Payload)));
  if (data && 'accessToken' in data && FunctionError === undefined) return data.accessToken;
  const why = data && 'errorMessage' in data ? data.errorMessage : 'its log tells why';
  throw new Error(`The synthetic person could not be signed in: ${why}.`.replace(/\.+$/, '.'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

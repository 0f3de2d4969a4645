import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { RemoteError } from './deployed';

/** How one call of a function ended, as far as the caller can know. */
export type Call =
  /** It answered. */
  | { readonly ended: 'answered'; readonly answer: unknown }
  /** It was not begun: another call holds the only copy of the function that may run. */
  | { readonly ended: 'busy' }
  /** Nobody knows: the connection was lost, and the function may be at work. */
  | { readonly ended: 'lost'; readonly why: string };

/**
 * Calls a function and waits for its answer.
 * @throws RemoteError when the function failed, and what the SDK throws when it may not be called
 */
export async function invoke(
  client: LambdaClient,
  functionName: string,
  payload: unknown,
  signal?: AbortSignal,
): Promise<Call> {
  let output: InvokeCommandOutput;
  try {
    output = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload)) }),
      signal ? { abortSignal: signal } : {},
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    return whatHappened(error);
  }
  const text = Buffer.from(output.Payload ?? []).toString();
  if (output.FunctionError !== undefined) throw new RemoteError(`${functionName} failed: ${reasonIn(text)}`);
  return { ended: 'answered', answer: JSON.parse(text) as unknown };
}

/** An answer below 500 says that nothing was begun; none at all, or a server's own error, says nothing. */
function whatHappened(error: unknown): Call {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'TooManyRequestsException') return { ended: 'busy' };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (error.name === 'CredentialsProviderError' || (status !== undefined && status < 500)) throw error;
  return { ended: 'lost', why: error.message || error.name };
}

/** What Lambda says of a function that failed; its own message names no value of a row. */
function reasonIn(text: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
    return [errorType, errorMessage].filter((part) => part !== undefined).join(': ');
  } catch {
    return 'it did not say why';
  }
}

import { releaseClients } from '../../lib/release/aws/clients';
import { compatibilityOf } from '../../lib/release/compatibility';
import { rollback } from '../../lib/release/rollback';
import { callerOf, placeOf } from './place';
import { CLOCK, finish, stopSignal, tell } from './tool';

/** What `npm run rollback` is asked. */
export interface RollbackOptions {
  /** Environment. */
  readonly env: string;
  /**
   * Task definition to go back to.
   * @default - what the live one replaced
   */
  readonly to?: string;
  /**
   * Prints the result as JSON.
   * @default - as a sentence
   */
  readonly json?: true;
}

/**
 * Goes back, tells the result and sets the exit code.
 * @throws Refused when nothing was changed
 */
export async function goBack({ env, to, json }: RollbackOptions): Promise<void> {
  const { account, region, appStack, dataStack, ...place } = placeOf(env);
  const tools = { clock: CLOCK, progress: tell };
  const result = await rollback({
    ...tools,
    ...{ clients: releaseClients({ region }), signal: stopSignal(), stack: appStack, environment: env },
    by: await callerOf({ account, region, appStack, dataStack, ...place }),
    compatibility: compatibilityOf({ account, stack: dataStack, access: { region }, ...tools }),
    ...(to !== undefined && { to }),
  });
  finish(result, json ?? false);
}

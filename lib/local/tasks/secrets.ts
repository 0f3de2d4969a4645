import type { Secret } from '@aws-sdk/client-ecs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { clientOptions, type Keys, type LocalCloud } from '../cloud';
import { TaskStartError } from './model';

/** What a `valueFrom` of Secrets Manager points at. */
export interface SecretReference {
  /** ARN of the secret. */
  readonly secretId: string;
  /** Key of its JSON object; nothing for the whole of it. */
  readonly key?: string;
  /** Stage; nothing for AWSCURRENT. */
  readonly stage?: string;
  /** Version id. */
  readonly version?: string;
}

/**
 * Reads a `valueFrom`: an ARN alone, or followed by exactly key, stage and version, empty where unused.
 *
 * @throws TaskStartError for any other number of parts, or for both stage and version
 */
export function parseSecretReference(valueFrom: string): SecretReference {
  const parts = valueFrom.split(':');
  const [key, stage, version] = parts.slice(7);
  if ((parts.length !== 7 && parts.length !== 10) || (stage && version))
    throw new TaskStartError(`ResourceInitializationError: invalid secret reference ${valueFrom}`);
  return {
    secretId: parts.slice(0, 7).join(':'),
    ...(key ? { key } : {}),
    ...(stage ? { stage } : {}),
    ...(version ? { version } : {}),
  };
}

/** The value at `key` of a secret that is a JSON object. */
function pick(text: string, key: string, name: string): string {
  const object = z.record(z.string(), z.unknown()).safeParse(safeJson(text));
  const value = object.success ? object.data[key] : undefined;
  if (value === undefined || value === null)
    throw new TaskStartError(
      `ResourceInitializationError: the secret of ${name} did not contain json key ${key}`,
    );
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Resolves a container's secrets, once, with the execution role's keys, as Fargate does.
 *
 * @throws TaskStartError naming the variable and the error, never the value
 */
export async function resolveSecrets(
  cloud: LocalCloud,
  keys: Keys,
  secrets: readonly Secret[],
): Promise<Record<string, string>> {
  const manager = new SecretsManagerClient(clientOptions(cloud, keys));
  const parameters = new SSMClient(clientOptions(cloud, keys));
  const resolve = async ({ name = '', valueFrom = '' }: Secret): Promise<[string, string]> => {
    try {
      if (!valueFrom.includes(':secretsmanager:')) {
        const Name = valueFrom.includes(':parameter')
          ? valueFrom.slice(valueFrom.indexOf(':parameter') + 10)
          : valueFrom;
        const { Parameter } = await parameters.send(new GetParameterCommand({ Name, WithDecryption: true }));
        return [name, Parameter?.Value ?? ''];
      }
      const { secretId, key, stage, version } = parseSecretReference(valueFrom);
      const { SecretString = '' } = await manager.send(
        new GetSecretValueCommand({
          SecretId: secretId,
          ...(stage === undefined ? {} : { VersionStage: stage }),
          ...(version === undefined ? {} : { VersionId: version }),
        }),
      );
      return [name, key === undefined ? SecretString : pick(SecretString, key, name)];
    } catch (error) {
      if (error instanceof TaskStartError) throw error;
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new TaskStartError(`ResourceInitializationError: unable to pull secret ${name}: ${why}`);
    }
  };
  return Object.fromEntries(await Promise.all(secrets.map(resolve)));
}

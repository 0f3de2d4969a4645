import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as http from 'node:http';
import { z } from 'zod';
import type { Keys } from '../../../lib/local/cloud';

const keysSchema = z.object({
  RoleArn: z.string(),
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
});

/** The variables that a running process was started with. */
export function environmentOf(pid: number): Record<string, string> {
  const file = `/proc/${pid}/environ`;
  const entries = fs.existsSync(file)
    ? fs.readFileSync(file, 'utf8').split('\0')
    : execFileSync('ps', ['eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).split(' ');
  return Object.fromEntries(
    entries
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

/** The task role's keys, asked for as the SDK in the task does. */
export function taskKeys(
  environment: Record<string, string>,
  token = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '',
): Promise<{ readonly roleArn: string; readonly keys: Keys } | { readonly status: number }> {
  return new Promise((resolve, reject) => {
    const url = environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? '';
    const request = http.get(url, { headers: { authorization: token } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.once('end', () => {
        if (response.statusCode !== 200) {
          resolve({ status: response.statusCode ?? 0 });
          return;
        }
        const { RoleArn, AccessKeyId, SecretAccessKey, Token } = keysSchema.parse(JSON.parse(body));
        resolve({
          roleArn: RoleArn,
          keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token },
        });
      });
    });
    request.once('error', reject);
  });
}

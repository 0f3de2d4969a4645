import './without-node-notice';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { loadConfiguration } from '../lib/config/load';
import { linkOf } from '../lib/gate/chain/seal';
import { compareFolders, compareWith } from '../lib/gate/evidence/compare';
import { keepOperational, OPERATIONAL_FOLDER } from '../lib/gate/evidence/operational';
import { verdictLine } from '../lib/gate/evidence/verdict';
import { writeEvidence } from '../lib/gate/evidence/write';
import { OUTSIDE } from '../lib/gate/report/environments';
import { REPORT_FILE } from '../lib/gate/report/model';
import { nameMeant } from '../lib/gate/report/narrow';
import { REFUSED } from '../lib/shared/exit-codes';
import { command } from './command';
import { localKey, publishTo, sealed, sign, verify } from './evidence/chain';
import { today, writeAudit, writeSbom } from './evidence/collect';
import { changesText } from './evidence/text';
import { revision, ROOT, surroundings } from './evidence/surroundings';

interface Options {
  readonly env?: string;
  readonly all?: boolean;
  readonly assembly?: string;
  readonly output?: string;
  readonly since?: string;
  readonly previous?: string;
}

const FOLDER = '.cache/evidence';

/** Synthesises into a folder of its own, so that a cdk.out that somebody deploys from stays as it is. */
function synthesised(): string {
  const assembly = path.join(ROOT, FOLDER, 'cdk.out');
  try {
    execFileSync('npx', ['cdk', 'synth', '--quiet', '--output', assembly], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    // The gate has said what it refuses; the evidence tells it again, and the code of this command with it.
  }
  return assembly;
}

/**
 * Writing empties the folder first, so it has to be a new one, an empty one, or one of earlier evidence.
 * @throws Error when something else stands there
 */
function requireOwn(folder: string): void {
  if (!fs.existsSync(folder)) return;
  const held = fs.statSync(folder).isDirectory() ? fs.readdirSync(folder) : [path.basename(folder)];
  if (held.length > 0 && !held.includes(REPORT_FILE))
    throw new Error(
      `${folder} holds something else than evidence (${held.slice(0, 3).join(', ')}), and would be emptied: name a new folder.`,
    );
}

async function write(options: Options): Promise<void> {
  const { env, since } = options;
  if ((env === undefined) === (options.all !== true))
    throw new Error('Say which environments: --env <name>, or --all.');
  // The synth takes a minute: a name that it will not know is refused before.
  if (env !== undefined && options.assembly === undefined)
    nameMeant([...Object.keys(loadConfiguration().environments), OUTSIDE], env.split('/').at(-1) ?? env);
  const folder = path.resolve(options.output ?? path.join(ROOT, FOLDER, (env ?? 'all').toLowerCase()));
  requireOwn(folder);
  const previous = options.previous === undefined ? undefined : linkOf(options.previous);
  await writeSbom(ROOT);
  const { report, files } = writeEvidence(options.assembly ?? synthesised(), folder, {
    ...surroundings(),
    ...(env !== undefined && { environment: env }),
    ...(since !== undefined && { compare: (report, templateOf) => compareWith(since, report, templateOf) }),
  });
  console.log(verdictLine(report));
  if (report.diff) console.log(changesText(report.diff));
  await sealed(folder, report, previous, localKey());
  console.log(`${files.length} files in ${path.relative(process.cwd(), folder) || '.'}`);
  if (report.verdict === 'fail') process.exitCode = 1;
}

/** Runs a command, whose refusals are sentences and no stack traces. */
function run<A extends unknown[]>(
  action: (...given: A) => void | Promise<void>,
): (...given: A) => Promise<void> {
  return async (...given) => {
    try {
      await action(...given);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = REFUSED;
    }
  };
}

const program = command('evidence').description('What an officer signs: the evidence of the HIPAA gate.');
program
  .command('write', { isDefault: true })
  .description('Writes the evidence of one environment or of all, and says where.')
  .option('--env <name>', 'one environment, for example prod')
  .option('--all', 'every environment and the pipeline')
  .option('--assembly <folder>', 'a cloud assembly to read; without it the application is synthesised')
  .option('--output <folder>', `where to write; ${FOLDER}/<name> without it`)
  .option('--since <folder>', 'evidence of the release to compare with')
  .option('--previous <folder>', 'evidence of the release that this one is chained to')
  .action(run(write));
program
  .command('collect')
  .description(
    'Collects what the next evidence holds besides: the bill of materials, and an audit of the packages where the registry answers.',
  )
  .action(
    run(async () => {
      const [, audit] = await Promise.all([writeSbom(ROOT), writeAudit(ROOT)]);
      console.log(audit);
    }),
  );
program
  .command('keep')
  .description(
    'Keeps a record of operation for the next evidence: checks its form, and notes the day and the commit that it is of.',
  )
  .argument('<file>', 'migrations.json, releases.json, drift.json or restore-drill.json')
  .option('--commit <sha>', 'commit that runs there; the one that is checked out without it')
  .action(
    run((file: string, { commit = revision().commit }: { readonly commit?: string }) => {
      const folder = path.join(ROOT, OPERATIONAL_FOLDER);
      console.log(keepOperational(folder, file, { commit, day: today() }));
    }),
  );
program
  .command('diff')
  .description('Says what changed between two evidence folders.')
  .argument('<earlier>')
  .argument('<later>')
  .option('--json', 'as JSON')
  .action(
    run((earlier: string, later: string, { json }: { readonly json?: boolean }) => {
      const diff = compareFolders(earlier, later);
      console.log(json === true ? JSON.stringify(diff, undefined, 1) : changesText(diff));
    }),
  );
program
  .command('sign')
  .description(
    'Seals an evidence folder: a manifest of every file, chained to the release before, and signed.',
  )
  .argument('<folder>')
  .option('--previous <folder>', 'evidence of the release before; the chain begins without it')
  .option('--key <arn>', 'KMS key that signs; a key of this machine, for trying it out, without it')
  .action(run(sign));
program
  .command('publish')
  .description(
    'Seals an evidence folder onto the newest release in S3, and puts it there; nothing is overwritten.',
  )
  .argument('<folder>')
  .requiredOption('--to <uri>', 's3://bucket/prefix of the chain')
  .option('--key <arn>', 'KMS key that signs; a key of this machine, for trying it out, without it')
  .option('--environment <name>', 'environment that it was released to')
  .action(run(publishTo));
program
  .command('verify')
  .description(
    'Recomputes evidence: every file, signature and link. Ends with 0, with 1 and what is wrong, or with 2 where it cannot be read.',
  )
  .argument('<place>', 'folder, or s3://bucket/prefix; of one release, or of one folder for each release')
  .option('--public-key <file>', 'key that has to have signed, in PEM; the key of this machine without it')
  .option('--key <arn>', 'KMS key that has to have signed; it tells its public key')
  .option('--head <sha256>', 'SHA-256 of the newest manifest, as it was noted elsewhere')
  .option('--lock <mode>', 'in S3: COMPLIANCE, or GOVERNANCE where it is configured', 'COMPLIANCE')
  .option('--years <number>', 'in S3: how long each file has to be locked from its writing', '6')
  .option('--json', 'as JSON')
  .action(run(verify));
void program.parseAsync();

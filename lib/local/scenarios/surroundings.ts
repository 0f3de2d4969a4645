import * as fs from 'node:fs';
import * as path from 'node:path';
import { restartPostgres } from '../postgres';
import { BAKING, SHIFTING, until } from './interruptions';
import type { Ending, Scenario } from './model';
import type { Stage } from './stage';

const MIGRATIONS = path.resolve(__dirname, '../../../migrations');

/** A copy of the migrations with one more that fails in the middle. */
function failingMigrations(stage: Stage): string {
  const folder = path.join(stage.logs, 'migrations');
  fs.cpSync(MIGRATIONS, folder, { recursive: true });
  const shipped = fs.readdirSync(MIGRATIONS).filter((file) => file.endsWith('.up.sql')).length;
  const name = path.join(folder, `${String(shipped + 1).padStart(4, '0')}_planted_failure`);
  const up = [
    '-- migrate: phase=expand reversible=lossless',
    'CREATE TABLE planted (id uuid PRIMARY KEY);',
    'SELECT 1 / 0;',
  ];
  fs.writeFileSync(`${name}.up.sql`, `${up.join('\n')}\n`);
  fs.writeFileSync(`${name}.down.sql`, 'DROP TABLE planted;\n');
  return folder;
}

/** Something happens around a release: to the database, to the schema, to the stack. */
export const SURROUNDINGS: readonly Scenario[] = [
  {
    name: 'database-restarted',
    about:
      'the database restarts in the middle of the shift: the release comes through, and the API connects anew',
    ...{ rps: 50, speed: 30 },
    play: async (stage: Stage): Promise<Ending> => {
      const release = await until(stage, SHIFTING);
      await restartPostgres({ dir: stage.folders.postgres });
      const { code, output } = await release.ended;
      return { code, rightCode: 0, says: /succeeded/, output, live: 'new' };
    },
  },
  {
    name: 'migration-fails',
    about: 'the migration of a version fails: it leaves nothing in the schema, and nothing is released',
    ...{ rps: 50, speed: 60 },
    play: async (stage: Stage): Promise<Ending> => {
      const folder = failingMigrations(stage);
      const { code, output } = await stage.begin('migrate', 'up', '--folder', folder, '--skip-lint').ended;
      return { code, rightCode: 1, says: /division by zero/, output, live: 'old' };
    },
  },
  {
    name: 'contract-too-early',
    about:
      'the contract phase is attempted while the old version still serves: it waits, and the release goes on',
    ...{ rps: 50, speed: 30 },
    play: async (stage: Stage): Promise<Ending> => {
      const release = await until(stage, BAKING);
      const step = await stage.step('migrate-step', { PHASE: 'contract', PROTECT: 'no' });
      const { code, output } = await release.ended;
      return {
        ...{ code: step.code === 0 ? code : step.code, rightCode: 0, live: 'new' },
        says: /contract in local: waits/,
        output: `${output}\n--- contract ---\n${step.output}`,
      };
    },
  },
  {
    name: 'guard-refuses',
    about: 'a change set that touches the listener comes in the middle of the shift: the guard refuses it',
    ...{ rps: 50, speed: 30 },
    play: async (stage: Stage): Promise<Ending> => {
      const release = await until(stage, SHIFTING);
      const { name, template } = await stage.versions.proposeListenerChange();
      const guard = await stage.step('guard', {
        STACK: stage.stack,
        CHANGE_SET: name,
        TEMPLATE: template,
        ACCOUNTS: stage.summary.cloud.account,
        // Asked only for a caller that cannot be taken; this one can, and no pipeline stands here.
        STAGE: 'Local',
        CODEBUILD_INITIATOR: 'codepipeline/scenario',
      });
      const { code, output } = await release.ended;
      return {
        ...{ code: code === 0 ? guard.code : code, rightCode: 2, live: 'new' },
        says: /CodeDeploy has moved what this forwards to/,
        output: `${output}\n--- guard ---\n${guard.output}`,
      };
    },
  },
];

import type { Report } from '../report';
import type { Request } from '../request';
import { engineOf, type MigratorOptions } from './options';
import { read } from './read';
import { write } from './write';

export type { Limits, MigrationEvent, MigratorOptions } from './options';

/** Brings a database's schema to where the files have it, and tells how it stands. */
export interface Migrator {
  /** Does what is asked. What goes wrong is in the report; nothing is thrown for it. */
  run(request: Request): Promise<Report>;
}

/** Makes a migrator; it connects when it is asked something, and leaves no connection behind. */
export function createMigrator(options: MigratorOptions): Migrator {
  const engine = engineOf(options);
  return {
    run: (request) => {
      switch (request.action) {
        case 'status':
        case 'lock':
        case 'drift':
        case 'plan':
        case 'compatible':
          return read(engine, request);
        case 'up':
        case 'down':
        case 'repair':
        case 'baseline':
          return write(engine, request);
      }
    },
  };
}

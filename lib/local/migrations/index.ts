export { MigrationError, Migrations, type Migrated, type MigrationsOptions } from './migrate';
export { DEMO_PATIENT, seedDemoData, type SeedOptions } from './seed';

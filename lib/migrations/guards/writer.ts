import type { Client } from 'pg';
import type { Problem } from '../report';

/** Why this database is not to be migrated now, whatever the migrations are: a replica, or one that is copied. */
export async function writerProblems(client: Client): Promise<readonly Problem[]> {
  const { rows } = await client.query<{ replica: boolean; slots: string[]; subscriptions: string[] }>(`
    SELECT pg_is_in_recovery() AS replica,
      ARRAY(SELECT slot_name::text FROM pg_replication_slots
        WHERE slot_type = 'logical' AND database = current_database() ORDER BY 1) AS slots,
      ARRAY(SELECT subname::text FROM pg_subscription
        WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1)
        AS subscriptions`);
  return rows.flatMap(({ replica, slots, subscriptions }) => [
    ...(replica
      ? [
          {
            code: 'replica',
            message: 'This is a replica: it cannot be written to.',
            mend: "Connect to the cluster's writer endpoint in the primary region.",
          },
        ]
      : []),
    ...(slots.length > 0
      ? [
          {
            code: 'replicated',
            message: `Logical replication reads from this database (slots: ${slots.join(', ')}), and does not carry changes of the schema.`,
            mend: 'Finish or delete the RDS Blue/Green deployment, or drop the slots that nobody reads.',
          },
        ]
      : []),
    ...(subscriptions.length > 0
      ? [
          {
            code: 'replicating',
            message: `This database follows another one (subscriptions: ${subscriptions.join(', ')}).`,
            mend: 'Migrate the database that it follows, after the RDS Blue/Green deployment is over.',
          },
        ]
      : []),
  ]);
}

import type { Client } from 'pg';

/** Puts rows into the table that the recipes of docs/migrations.md change, all of one organisation; the id of the nth is its MD5. */
export async function populate(client: Client, rows: number): Promise<void> {
  await client.query(
    `INSERT INTO rooms (id, organisation_id, name)
     SELECT md5(n::text)::uuid, '00000000-0000-4000-8000-000000000001', 'room ' || n FROM generate_series(1, 1000) AS n`,
  );
  await client.query(
    `INSERT INTO appointments (id, organisation_id, room_id, code, title, status, minutes, note)
     SELECT md5(n::text)::uuid, '00000000-0000-4000-8000-000000000001', md5((1 + n % 1000)::text)::uuid,
            'code ' || n, 'appointment ' || n,
            (ARRAY['planned', 'held', 'missed'])[1 + n % 3], 5 + n % 55, repeat('n', 20)
     FROM generate_series(1, $1::int) AS n`,
    [rows],
  );
  await client.query('VACUUM (ANALYZE) appointments');
}

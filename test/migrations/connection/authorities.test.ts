import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { rdsAuthorities, trustedAuthorities } from '../../../lib/migrations/connection';
import { written } from '../../../lib/config/load';

const names = (region: string) => rdsAuthorities(region).map((pem) => new X509Certificate(pem).subject);

test.each(Object.values(written.environments).map(({ region }) => region))(
  'the region of an environment, %s, has roots that are still good',
  (region) => {
    for (const pem of rdsAuthorities(region))
      expect(new Date(new X509Certificate(pem).validTo).getFullYear()).toBeGreaterThan(2060);
  },
);

test('a region has its three roots and no other: no beta, none that has expired, none of a longer name', () => {
  expect(names('us-east-1').map((subject) => /CN=(.*)/.exec(subject)?.[1])).toEqual([
    'Amazon RDS us-east-1 Root CA RSA2048 G1',
    'Amazon RDS us-east-1 Root CA RSA4096 G1',
    'Amazon RDS us-east-1 Root CA ECC384 G1',
  ]);
  expect(names('eu-central-1')).toHaveLength(3);
});

test('a region that the package does not know is named, with where to get its roots', () => {
  expect(() => rdsAuthorities('il-central-1')).toThrow(
    /il-central-1.*truststore\.pki\.rds\.amazonaws\.com\/il-central-1/s,
  );
});

test('a named file is believed as well, and is enough where there are no roots', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'ca-')), 'ca.pem');
  fs.writeFileSync(file, 'PEM');
  expect(trustedAuthorities('us-east-1', file)).toEqual(['PEM', ...rdsAuthorities('us-east-1')]);
  expect(trustedAuthorities('il-central-1', file)).toEqual(['PEM']);
  fs.rmSync(path.dirname(file), { recursive: true });
});

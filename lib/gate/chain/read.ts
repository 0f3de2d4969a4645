import { type Manifest, manifestSchema } from './model';

/** Reads a manifest. @returns it, or what is wrong with it */
export function readManifest(bytes: Buffer): Manifest | string {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return 'is no JSON';
  }
  const { data, error } = manifestSchema.safeParse(value);
  if (data) return data;
  const [first] = error.issues;
  return `${first?.path.join('.') || 'it'}: ${first?.message ?? ''}`;
}

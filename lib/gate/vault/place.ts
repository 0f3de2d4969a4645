/** Where evidence lies in S3. */
export interface Place {
  /** Name of the bucket. */
  readonly bucket: string;
  /** What every key begins with, without a slash at its end; empty for the whole bucket. */
  readonly prefix: string;
}

const URI = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/** Whether a text is meant as a place in S3 rather than as a folder. */
export function isPlace(text: string): boolean {
  return text.startsWith('s3://');
}

/**
 * Reads a place as it is written, `s3://bucket/prefix`.
 * @throws Error when it is not written so
 */
export function readPlace(uri: string): Place {
  const [, bucket, rest = ''] = URI.exec(uri) ?? [];
  const prefix = rest.replace(/\/+$/, '');
  if (bucket === undefined || prefix.split('/').some((part) => part === '..'))
    throw new Error(
      `${uri} is no place in S3, expected s3://<bucket>/<prefix>, for example s3://evidence/releases.`,
    );
  return { bucket, prefix };
}

/** A place as it is written. */
export function written({ bucket, prefix }: Place): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

/** Every resource, also spelled by the parts of an ARN: nothing but wildcards after the service, or after less. */
const EVERYTHING = /^(?:a?r?n?|arn:(?:[^:]*:){0,4})\*(?:[:/]\*)*$/;

/** A pattern as IAM reads it: wildcards in a row are the one that they mean. */
export function plainPattern(text: string): string {
  return text.replace(/[*?]*\*[*?]*/g, '*');
}

/** Whether a pattern means all resources, or all of one service: `*`, `arn:*`, `arn:aws:s3:::*` and the like. */
export function isEveryResource(value: unknown): boolean {
  return typeof value === 'string' && EVERYTHING.test(plainPattern(value).replace(/\$\{[^}]*\}/g, 'x'));
}

import { canonical, sha256 } from '../gate/chain/canonical';

/** Folder of what the look at the evidence leaves in which each file holds the digest of a stack's template. */
export const DIGESTS_FOLDER = 'templates';

/** Name of a stack's file there. @param stack - its construct path */
export function digestFile(stack: string): string {
  return stack.replaceAll('/', '-');
}

/**
 * SHA-256 of what a template says, whatever its spacing and the order of its names. CloudFormation gives back a question
 * mark for each character that is not ASCII, so these are not told apart (as the CDK's own comparison of templates does not:
 * `mangleLikeCloudFormation` in @aws-cdk/cloudformation-diff). A test keeps the platform's templates free of them.
 * @param text - the template, JSON
 * @throws SyntaxError when it is not
 */
export function templateDigest(text: string): string {
  return sha256(canonical(JSON.parse(text)).replace(/[\u{80}-\u{10ffff}]/gu, '?'));
}

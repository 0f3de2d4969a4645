import { canonical, sha256 } from '../gate/chain/canonical';

/**
 * SHA-256 of what a template says, whatever its spacing and the order of its names. CloudFormation gives back a question
 * mark for what is not ASCII, so that is not told apart (as the CDK's own comparison of templates does not:
 * `mangleLikeCloudFormation` in @aws-cdk/cloudformation-diff).
 * @param text - the template, JSON
 * @throws SyntaxError when it is not
 */
export function templateDigest(text: string): string {
  return sha256(canonical(JSON.parse(text)).replace(/[?\u{80}-\u{10ffff}]+/gu, '?'));
}

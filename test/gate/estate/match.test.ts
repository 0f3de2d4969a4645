import { mayMean, meansAction, surelyMeans } from '../../../lib/gate/estate/iam/match';

const BUCKET = 'arn:aws:s3:::«Data|Bucket»';

test.each([
  // pattern, subject, may, surely
  ['*', BUCKET, true, true],
  [BUCKET, BUCKET, true, true],
  ['arn:aws:s3:::*', BUCKET, true, true],
  ['arn:aws:s3:::«Data|Other»', BUCKET, false, false],
  // A name made at deployment may begin so; another's written name it is not.
  ['arn:aws:s3:::prod-*', BUCKET, true, false],
  ['arn:aws:s3:::prod-files', BUCKET, false, false],
  // A part of it may be meant, the whole of it is not.
  [`${BUCKET}/patients/*`, `${BUCKET}/*`, true, false],
  [`${BUCKET}/*`, `${BUCKET}/*`, true, true],
  [`${BUCKET}/*`, BUCKET, false, false],
  ['arn:aws:s3:::*/*', `${BUCKET}/*`, true, true],
  // What is not known may be anything, and surely nothing.
  ['«?»', BUCKET, true, false],
  ['arn:aws:s3:::«?»/*', `${BUCKET}/*`, true, false],
  // A wildcard does not reach into the next part of an ARN.
  ['arn:aws:logs:*:*:log-group:RDS*', 'arn:aws:logs:us-east-1:1:log-group:/aws/rds:*', false, false],
  ['arn:aws:logs:*:*:*', 'arn:aws:logs:us-east-1:1:log-group:/aws/rds:*', true, true],
  ['arn:aws:sqs:us-east-1:1:a?c', 'arn:aws:sqs:us-east-1:1:abc', true, true],
] as const)('%s and %s', (pattern, subject, may, surely) => {
  expect([mayMean(pattern, subject), surelyMeans(pattern, subject)]).toEqual([may, surely]);
});

test.each([
  ['s3:GetObject', 's3:GetObject', true],
  ['S3:getobject', 's3:GetObject', true],
  ['s3:Get*', 's3:GetObject', true],
  ['s3:Get?bject', 's3:GetObject', true],
  ['*', 's3:GetObject', true],
  ['*:GetObject', 's3:GetObject', true],
  ['sns:Get*', 's3:GetObject', false],
  ['s3:GetObjectAcl', 's3:GetObject', false],
])('the action %s means %s: %s', (pattern, action, means) => {
  expect(meansAction(pattern, action)).toBe(means);
});

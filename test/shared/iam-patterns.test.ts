import { isEveryResource, plainPattern } from '../../lib/shared/iam-patterns';

test('wildcards in a row are one; a question mark alone stays', () => {
  expect(['**', '?*', 'iam:**', 's3:Get?', 's3:*?Object*'].map(plainPattern)).toEqual([
    ...['*', '*', 'iam:*', 's3:Get?', 's3:*Object*'],
  ]);
});

test.each([
  ...[
    '*',
    '**',
    '?*',
    '*:*',
    '*/*',
    'a*',
    'arn*',
    'arn:*',
    'arn:aws:*',
    'arn:aws:*:*:*:*',
    'arn:aws:*:*:*:*:*',
  ],
  ...['arn:aws:s3:::*', 'arn:aws:s3:::*/*', 'arn:aws:iam::111122223333:*'],
  ...['arn:${AWS::Partition}:s3:::*', 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:*'],
])('%s is every resource', (pattern) => {
  expect(isEveryResource(pattern)).toBe(true);
});

test.each([
  ...[
    '',
    'arn:aws:s3:::data',
    'arn:aws:s3:::data/*',
    'arn:aws:s3:::telehealth-*',
    '${Bucket.Arn}/*',
    '${Key.Arn}',
  ],
  ...['arn:aws:lambda:*:*:function:api-*', { Ref: 'Bucket' }, undefined],
])('%s is not', (pattern) => {
  expect(isEveryResource(pattern)).toBe(false);
});

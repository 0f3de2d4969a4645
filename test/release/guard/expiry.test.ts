import { modified } from '../support/change-sets';

const bucket = (...rules: unknown[]) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { LifecycleConfiguration: { Rules: rules } },
});
const rule = (more: object) => ({ Id: 'r', Status: 'Enabled', ...more });

test.each([
  ['a new expiry', [], [rule({ ExpirationInDays: 30 })], 'expire objects after 30 days'],
  [
    'a shorter one',
    [rule({ ExpirationInDays: 365 })],
    [rule({ ExpirationInDays: 30 })],
    'expire objects after 30 days',
  ],
  [
    'one that begins',
    [rule({ ExpirationInDays: 30, Status: 'Disabled' })],
    [rule({ ExpirationInDays: 30 })],
    'expire objects after 30 days',
  ],
  ['a day', [], [rule({ ExpirationDate: '2030-01-01T00:00:00Z' })], 'expire objects on 2030-01-01T00:00:00Z'],
  [
    'more objects',
    [rule({ ExpirationInDays: 30, Prefix: 'logs/' })],
    [rule({ ExpirationInDays: 30 })],
    'expire objects after 30 days',
  ],
  [
    'other objects',
    [rule({ ExpirationInDays: 30, Prefix: 'logs/' })],
    [rule({ ExpirationInDays: 30, Prefix: 'visits/' })],
    'expire objects under visits/ after 30 days',
  ],
  [
    'a tag less',
    [rule({ ExpirationInDays: 30, TagFilters: [{ Key: 'a', Value: 'b' }] })],
    [rule({ ExpirationInDays: 30 })],
    'expire objects after 30 days',
  ],
  [
    'old versions',
    [rule({ NoncurrentVersionExpirationInDays: 90 })],
    [rule({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } })],
    'expire old versions after 30 days',
  ],
  [
    'fewer of the newest',
    [rule({ NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 5 } })],
    [rule({ NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 1 } })],
    'expire old versions after 30 days but the newest 1',
  ],
  ['what cannot be told', [], [{ Ref: 'Rule' }], 'expire whatever is meant by ${Rule}'],
  [
    'a time that cannot be told',
    [],
    [rule({ ExpirationInDays: { Ref: 'N' } })],
    'expire objects after ${N} days',
  ],
  [
    'a branch of a choice',
    [],
    [{ 'Fn::If': ['C', rule({ ExpirationInDays: 1 }), { Ref: 'AWS::NoValue' }] }],
    'expire objects after 1 days',
  ],
])('%s needs leave', (_what, was, is, words) => {
  expect(modified(bucket(...was), bucket(...is))).toEqual([words]);
});

test.each([
  ['a longer time', [rule({ ExpirationInDays: 30 })], [rule({ ExpirationInDays: 365 })]],
  ['none any more', [rule({ ExpirationInDays: 30 })], []],
  ['another name', [rule({ ExpirationInDays: 30 })], [rule({ ExpirationInDays: 30, Id: 'other' })]],
  [
    'fewer objects',
    [rule({ ExpirationInDays: 30, Prefix: 'logs/' })],
    [rule({ ExpirationInDays: 30, Prefix: 'logs/old/' })],
  ],
  ['one that rests', [], [rule({ ExpirationInDays: 30, Status: 'Disabled' })]],
  ['the same unread', [{ Ref: 'Rule' }], [{ Ref: 'Rule' }]],
  [
    'uploads that were broken off',
    [],
    [rule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } })],
  ],
])('%s needs none', (_what, was, is) => {
  expect(modified(bucket(...was), bucket(...is))).toEqual([]);
});

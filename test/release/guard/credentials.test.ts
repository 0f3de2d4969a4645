import type { TemplateResource } from '../../../lib/release/guard/model';
import { change, findings, modified } from '../support/change-sets';

const USER: TemplateResource = { Type: 'AWS::IAM::User', Properties: {} };
const key = (more: object = {}): TemplateResource => ({
  Type: 'AWS::IAM::AccessKey',
  Properties: { UserName: { Ref: 'Mailer' }, ...more },
});
const added = (is: TemplateResource) =>
  findings([change({ action: 'Add', type: is.Type })], { Mailer: USER }, { Mailer: USER, It: is });
const MADE = ['make an access key of ${Mailer}'];

test('a new access key needs leave, also in place of another; one that does not work needs none', () => {
  expect(added(key())).toEqual(MADE);
  expect(added(key({ Status: 'Inactive' }))).toEqual([]);
  expect(modified(key({ Status: 'Inactive' }), key({ Status: 'Active' }))).toEqual(MADE);
  expect(modified(key({ Serial: 1 }), key({ Serial: 2 }))).toEqual(MADE);
  expect(modified(key({ UserName: 'other' }), key())).toEqual(MADE);
  expect(modified(key(), key({ Status: 'Inactive' }))).toEqual([]);
  expect(modified(key(), key({ Status: 'Active' }))).toEqual([]);
});

test('a password of a user needs leave, a user without one needs none', () => {
  const person = { ...USER, Properties: { LoginProfile: { Password: { Ref: 'Word' } } } };
  expect(added(person)).toEqual(['give a password']);
  expect(modified(USER, person)).toEqual(['give a password']);
  expect(modified(person, USER)).toEqual([]);
  expect(added(USER)).toEqual([]);
});

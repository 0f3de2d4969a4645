import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isLogDelivery, LOG_DELIVERY } from '../../../lib/release/guard/log-delivery';

const grant = (action: string, principal: string) => ({
  ...({ effect: 'Allow', action, principal, resource: 'arn:aws:s3:::logs/*', condition: '' } as const),
});

test('the accounts are those that the CDK lets write logs', () => {
  const known = RegionInfo.regions.flatMap(({ name, elbv2Account }) =>
    elbv2Account === undefined ? [] : [[name, elbv2Account] as const],
  );
  expect(known.length).toBeGreaterThan(20);
  expect(LOG_DELIVERY).toEqual(Object.fromEntries(known));
});

test.each([
  ['s3:PutObject', 'AWS arn:aws:iam::127311923021:root', true],
  ['s3:PutObject', 'AWS 127311923021', true],
  ['s3:GetObject', 'AWS arn:aws:iam::127311923021:root', false],
  ['s3:PutObject', 'AWS arn:aws:iam::127311923021:role/x', false],
  ['s3:PutObject', 'AWS arn:aws:iam::999999999999:role/127311923021', false],
])('%s to %s is of it: %s', (action, principal, is) => {
  expect(isLogDelivery(grant(action, principal))).toBe(is);
});

import { arnOf } from '../../../lib/gate/estate/names';
import { planted, plantedStack } from './support';

test('what crosses stacks, and every way to write an ARN, means the same resource', () => {
  const estate = planted({
    Network: {
      resources: { Group: ['AWS::EC2::SecurityGroup'] },
      exports: { 'Net-Group': { 'Fn::GetAtt': ['Group', 'GroupId'] } },
    },
    Data: {
      resources: {
        Bucket: ['AWS::S3::Bucket'],
        Named: ['AWS::S3::Bucket', { BucketName: { 'Fn::Sub': 'files-${AWS::AccountId}' } }],
        Uses: [
          'AWS::SSM::Parameter',
          {
            imported: { 'Fn::ImportValue': 'Net-Group' },
            attribute: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
            dotted: { 'Fn::GetAtt': 'Bucket.Arn' },
            joined: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Bucket' }]] },
            substituted: { 'Fn::Sub': 'arn:aws:s3:::${Bucket}' },
            given: { 'Fn::Sub': ['arn:aws:s3:::${Other}', { Other: { Ref: 'Bucket' } }] },
            selected: { 'Fn::Select': [1, ['a', { Ref: 'Bucket' }]] },
            parted: { 'Fn::Select': [2, { 'Fn::Split': ['-', 'a-b-c'] }] },
            literal: { 'Fn::Sub': '${!Literal}' },
            none: { Ref: 'AWS::NoValue' },
            parameter: { Ref: 'Parameter' },
            condition: { 'Fn::If': ['Some', 'a', 'b'] },
            elsewhere: { 'Fn::ImportValue': 'Nobody' },
          },
        ],
      },
    },
  });
  const [uses] = estate.ofType('AWS::SSM::Parameter');
  const [bucket, named] = estate.ofType('AWS::S3::Bucket');
  if (!uses || !bucket || !named) throw new Error('planted resources are missing');
  const arn = arnOf(bucket);
  expect(arn).toBe('arn:aws:s3:::«Data|Bucket»');
  expect(arnOf(named)).toBe('arn:aws:s3:::files-111111111111');
  expect(uses.properties).toEqual({
    imported: '«Network|Group|GroupId»',
    ...{ attribute: arn, dotted: arn, joined: arn, substituted: arn, given: arn },
    ...{ selected: '«Data|Bucket»', parted: 'c', literal: '${Literal}' },
    ...{ parameter: '«?»', condition: '«?»', elsewhere: '«?»' },
  });
  expect(estate.meant(uses.properties['imported'])?.logicalId).toBe('Group');
  expect(estate.meant(arn)).toBe(bucket);
  expect(estate.meant('files-111111111111')).toBe(named);
  expect(estate.meant('somebody-elses')).toBeUndefined();
});

test('a resource that refers to itself is resolved', () => {
  const estate = plantedStack({ Topic: ['AWS::SNS::Topic', { TopicName: { Ref: 'Topic' } }] });
  expect(estate.entities.map(({ properties }) => properties)).toHaveLength(1);
});

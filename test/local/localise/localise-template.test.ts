import { localiseTemplate } from '../../../lib/local/localise/localise-template';
import { parseTemplate, type Template } from '../../../lib/local/localise/template';

const options = { bridgeArn: 'arn:bridge', database: { host: '127.0.0.1', port: 5555 } };

function localised(resources: object, rest: object = {}): Template {
  return localiseTemplate(parseTemplate(JSON.stringify({ Resources: resources, ...rest })), options);
}

test('a native type without dropped properties stays as it is', () => {
  const queue = { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'k' } };
  expect(localised({ Queue: queue }).Resources).toEqual({ Queue: queue });
});

test('what is dropped of a native type is applied by a companion, under the same condition', () => {
  const bucket = {
    Type: 'AWS::S3::Bucket',
    Condition: 'Wanted',
    Properties: { OwnershipControls: { Rules: [] }, VersioningConfiguration: { Status: 'Enabled' } },
  };
  const { Resources } = localised({ Bucket: bucket });
  expect(Resources['Bucket']).toEqual(bucket);
  expect(Resources['BucketLocalProperties']).toEqual({
    Type: 'Custom::LocalProperties',
    Condition: 'Wanted',
    Properties: {
      ServiceToken: 'arn:bridge',
      ServiceTimeout: 60,
      LocalType: 'reconcile:AWS::S3::Bucket',
      LocalProperties: { Id: { Ref: 'Bucket' }, OwnershipControls: { Rules: [] } },
    },
  });
});

test('a bridged type keeps its dependencies and policies, and its literals keep their types', () => {
  const { Resources } = localised({
    Log: {
      Type: 'AWS::EC2::FlowLog',
      DependsOn: ['Vpc'],
      DeletionPolicy: 'Retain',
      Properties: { MaxAggregationInterval: 60, ResourceId: { Ref: 'Vpc' } },
    },
  });
  expect(Resources['Log']).toMatchObject({
    Type: 'Custom::LocalEC2FlowLog',
    DependsOn: ['Vpc'],
    DeletionPolicy: 'Retain',
    Properties: {
      LocalType: 'AWS::EC2::FlowLog',
      LocalProperties: { MaxAggregationInterval: 'local:number:60', ResourceId: { Ref: 'Vpc' } },
    },
  });
});

test('the cluster is told where the real PostgreSQL answers', () => {
  const { Resources } = localised({ Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'x' } } });
  expect(Resources['Cluster']?.Properties?.['LocalProperties']).toEqual({
    Engine: 'x',
    LocalEndpoint: { Host: '127.0.0.1', Port: 'local:number:5555' },
  });
});

test('a template-only type becomes inert, with the name that its template gives it', () => {
  const { Resources } = localised({
    Named: {
      Type: 'AWS::Backup::RestoreTestingSelection',
      Properties: { RestoreTestingSelectionName: 'releases' },
    },
    Nameless: { Type: 'AWS::Backup::RestoreTestingSelection' },
  });
  expect(Resources['Named']?.Properties).toMatchObject({
    LocalType: 'inert',
    LocalProperties: { Name: 'releases', Attributes: {} },
  });
  expect(Resources['Nameless']?.Properties?.['LocalProperties']).toEqual({ Attributes: {} });
});

test('only an alarm over metric math is bridged', () => {
  const { Resources } = localised({
    Plain: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'm' } },
    Math: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [] } },
  });
  expect(Resources['Plain']?.Type).toBe('AWS::CloudWatch::Alarm');
  expect(Resources['Math']?.Type).toBe('Custom::LocalCloudWatchAlarm');
});

test('attributes that the emulator does not give are filled in, in resources and outputs', () => {
  const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
  const read = { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] };
  const { Resources, Outputs } = localised(
    { Vpc: vpc, Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { Cidr: read, Id: 'Vpc' } } },
    { Outputs: { Range: { Value: read }, Other: { Value: { 'Fn::GetAtt': 'Vpc.VpcId' } } } },
  );
  expect(Resources['Group']?.Properties).toEqual({ Cidr: '10.0.0.0/16', Id: 'Vpc' });
  expect(Outputs).toEqual({
    Range: { Value: '10.0.0.0/16' },
    Other: { Value: { 'Fn::GetAtt': 'Vpc.VpcId' } },
  });
});

test('a type that nobody classed is refused by name', () => {
  expect(() => localised({ New: { Type: 'AWS::New::Thing' } })).toThrow(
    /New is of the type AWS::New::Thing: class it/,
  );
});

test('a record in a zone that no template makes is only kept by name', () => {
  const record = (HostedZoneId: unknown): object => ({
    Type: 'AWS::Route53::RecordSet',
    Properties: { Name: 'api.care.example.org', Type: 'A', HostedZoneId },
  });
  const { Resources } = localised({ Foreign: record('Z0123'), Own: record({ Ref: 'Zone' }) });
  expect(Resources['Foreign']?.Properties).toMatchObject({
    LocalType: 'inert',
    LocalProperties: { Name: 'api.care.example.org' },
  });
  expect(Resources['Own']).toEqual(record({ Ref: 'Zone' }));
});

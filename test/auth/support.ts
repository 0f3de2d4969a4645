import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AuthStack } from '../../lib/auth/auth-stack';
import type { Environment } from '../../lib/config/schema';
import type { Network } from '../../lib/network/network-stack';
import type { Operations } from '../../lib/shared/operations';
import { testApp } from '../support/app';

/** What a stack needs from the network, in the least form: the network's own tests are elsewhere. */
export interface Surroundings {
  readonly stack: Stack;
  readonly network: Network;
  readonly operations: Operations;
}

/** A stack with a VPC, groups, keys, a topic and a bucket, in the environment's account and region. */
export function surroundings(scope: Construct, environment: Environment): Surroundings {
  const stack = new Stack(scope, 'Surroundings', {
    env: { account: environment.account, region: environment.region },
  });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: [...environment.availabilityZones],
    natGateways: 1,
  });
  const group = (id: string): ec2.SecurityGroup =>
    new ec2.SecurityGroup(stack, id, { vpc: vpc as ec2.IVpc, allowAllOutbound: false });
  return {
    stack,
    network: {
      vpc: vpc as ec2.IVpc,
      securityGroups: {
        loadBalancer: group('LoadBalancer'),
        api: group('Api'),
        database: group('Database'),
        functions: group('Functions'),
        migrations: group('Migrations'),
      },
    },
    operations: {
      logKey: new kms.Key(stack, 'LogKey'),
      queueKey: new kms.Key(stack, 'QueueKey'),
      alarmTopic: new sns.Topic(stack, 'Alarms'),
      accessLogsBucket: new s3.Bucket(stack, 'AccessLogs') as s3.IBucket,
    },
  };
}

/** The auth stack of an environment, by itself. */
export function authStack(environment: Environment): AuthStack {
  const app = testApp();
  const { network, operations } = surroundings(app, environment);
  return new AuthStack(app, 'Auth', { environment, network, operations });
}

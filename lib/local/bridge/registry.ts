import { bridges as backup } from './backup';
import { bridges as cloudwatch } from './cloudwatch';
import { bridges as codedeploy } from './codedeploy';
import { bridges as codepipeline } from './codepipeline';
import type { Bridge } from './contract';
import { bridges as dynamodb } from './dynamodb';
import { bridges as ec2 } from './ec2';
import { bridges as ecs } from './ecs';
import { bridges as elb } from './elb';
import { bridges as events } from './events';
import { bridges as iam } from './iam';
import { inert } from './inert';
import { bridges as lambda } from './lambda';
import { bridges as rds } from './rds';
import { bridges as s3 } from './s3';
import { bridges as secrets } from './secrets';
import { bridges as ses } from './ses';
import { bridges as sns } from './sns';
import { bridges as waf } from './waf';

const BRIDGES: Readonly<Record<string, Bridge>> = {
  inert,
  ...backup,
  ...cloudwatch,
  ...codedeploy,
  ...codepipeline,
  ...dynamodb,
  ...ec2,
  ...ecs,
  ...elb,
  ...events,
  ...iam,
  ...lambda,
  ...rds,
  ...s3,
  ...secrets,
  ...ses,
  ...sns,
  ...waf,
};

/**
 * The bridge of a type: a CloudFormation type, `reconcile:` and one, or `inert`.
 *
 * @throws Error when there is none; the list in lib/local/localise/types.ts then promises too much
 */
export function findBridge(type: string): Bridge {
  const found = BRIDGES[type];
  if (!found) throw new Error(`There is no bridge for ${type}.`);
  return found;
}

import { SecretValue, Stack } from 'aws-cdk-lib';
import * as amplify from 'aws-cdk-lib/aws-amplify';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Auth } from '../auth/auth-stack';
import type { Environment } from '../config/schema';
import { logRetention } from '../shared/log-retention';
import type { Operations } from '../shared/operations';
import { removalPolicy } from '../shared/removal';

/** What the front end is made from. */
export interface FrontEndProps {
  /** The environment that it shows. */
  readonly environment: Environment;
  /** Where it logs. */
  readonly operations: Operations;
  /** Whom it signs in. */
  readonly auth: Auth;
  /** Where the API answers, without scheme. */
  readonly apiHost: string;
  /** Git repository of the front end. */
  readonly repository: string;
  /** Branch that is shown. */
  readonly branch: string;
}

/** How Amplify builds the Next.js front end: from its lock file, without anything secret. */
const BUILD = `version: 1
frontend:
  phases:
    preBuild:
      commands:
        - npm ci
    build:
      commands:
        - npm run build
  artifacts:
    baseDirectory: .next
    files:
      - '**/*'
  cache:
    paths:
      - .next/cache/**/*
`;

/** Answers that browsers should treat as the platform's own and nobody's frame. */
const HEADERS = `customHeaders:
  - pattern: '**'
    headers:
      - key: Strict-Transport-Security
        value: max-age=63072000; includeSubDomains; preload
      - key: X-Content-Type-Options
        value: nosniff
      - key: X-Frame-Options
        value: DENY
      - key: Referrer-Policy
        value: no-referrer
`;

/**
 * The Next.js front end on Amplify Hosting. What it is given is public: where the API is and which pool signs
 * people in. The token by which Amplify reads the repository stands in Secrets Manager, put there by hand, and is
 * resolved by CloudFormation; the template holds its name only.
 */
export class FrontEnd extends Construct {
  constructor(scope: Construct, id: string, props: FrontEndProps) {
    super(scope, id);
    const { environment } = props;
    const role = new iam.Role(this, 'Role', {
      description: 'Amplify writes the log of the front end',
      assumedBy: new iam.ServicePrincipal('amplify.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': environment.account },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'amplify',
              resource: 'apps',
              resourceName: '*',
            }),
          },
        },
      }),
    });
    const app = new amplify.CfnApp(this, 'App', {
      name: `telehealth-${environment.name}`,
      platform: 'WEB_COMPUTE',
      repository: props.repository,
      accessToken: SecretValue.secretsManager(
        `telehealth/${environment.name}/front-end-repository`,
      ).unsafeUnwrap(),
      iamServiceRole: role.roleArn,
      buildSpec: BUILD,
      customHeaders: HEADERS,
      environmentVariables: [
        { name: 'NEXT_PUBLIC_API_BASE_URL', value: `https://${props.apiHost}` },
        { name: 'NEXT_PUBLIC_USER_POOL_ID', value: props.auth.userPool.userPoolId },
        { name: 'NEXT_PUBLIC_USER_POOL_CLIENT_ID', value: props.auth.webClient.userPoolClientId },
        { name: 'NEXT_PUBLIC_ENV', value: environment.name },
      ],
    });
    new amplify.CfnBranch(this, 'Branch', {
      appId: app.attrAppId,
      branchName: props.branch,
      framework: 'Next.js - SSR',
      stage: environment.tier === 'production' ? 'PRODUCTION' : 'DEVELOPMENT',
      enableAutoBuild: true,
      enablePullRequestPreview: false,
    });
    const logGroup = new logs.LogGroup(this, 'Log', {
      // Amplify writes to this name and no other.
      logGroupName: `/aws/amplify/${app.attrAppId}`,
      encryptionKey: props.operations.logKey,
      retention: logRetention(environment.retention.logDays),
      removalPolicy: removalPolicy(environment),
    });
    new iam.ManagedPolicy(this, 'WriteLog', {
      description: `telehealth ${environment.name}: the front end writes its log`,
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'WriteLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
      ],
    });
  }
}

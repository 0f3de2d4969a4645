import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { Environment } from '../config/schema';
import { explainWildcard } from '../gate';
import { handlerBundle } from './handler-code';
import { logRetention } from './log-retention';
import type { Operations } from './operations';
import { ALARM_PERIOD, RunbookAlarm } from './runbook-alarm';

/** The schema that a handler parses its environment with, from `lambda/<name>/env.ts`. */
export type HandlerSchema = z.ZodObject<Readonly<Record<string, z.ZodType<unknown, string | undefined>>>>;

/** Where the handlers' own metrics are; each has the dimension `service`, the handler's name. */
export const METRICS_NAMESPACE = 'Telehealth';

/** What Lambda joins a network with. Source: AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC". */
const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const JOINS =
  'Lambda checks it before it joins the network and names no interface then; it is denied to the code itself';

/** What a handler is made from. */
export interface HandlerProps<Schema extends HandlerSchema> {
  /** The environment it runs in. */
  readonly environment: Environment;
  /** Folder under `lambda/` that holds it. */
  readonly name: string;
  /** What it does, in a sentence. */
  readonly description: string;
  /** The schema that the handler parses its variables with. */
  readonly schema: Schema;
  /** Its variables; one that the schema asks for and that is missing here does not compile. */
  readonly variables: z.input<Schema>;
  /** Where logs, queues and alarms of the environment go. */
  readonly operations: Operations;
  /** The network it stands in, in private subnets. */
  readonly vpc: ec2.IVpc;
  /** Its security group. */
  readonly securityGroup: ec2.ISecurityGroup;
  /**
   * How long one call may take.
   * @default - 5 seconds, Cognito's own limit for its triggers
   */
  readonly timeout?: Duration;
  /**
   * Memory, in MiB; the share of a CPU grows with it.
   * @default 512
   */
  readonly memoryMiB?: number;
  /**
   * How many copies may run at once, taken from the account's 1,000.
   * @default 10
   */
  readonly reservedConcurrency?: number;
  /**
   * Whether one copy runs at a time, for callers that wait for its answer and come again when it is busy: nothing is
   * tried again by Lambda itself, and being turned away raises no alarm.
   * @default false
   */
  readonly oneAtATime?: boolean;
  /**
   * Whether its code may look at network interfaces, to find a load balancer's addresses in the VPC.
   * @default false
   */
  readonly seesInterfaces?: boolean;
}

/**
 * A function of the platform: in the VPC, with its own role, dead-letter queue, encrypted log group, traces,
 * reserved concurrency and alarms, running the bundle of `lambda/<name>`.
 */
export class Handler<Schema extends HandlerSchema = HandlerSchema> extends Construct {
  /** The function. */
  readonly function: lambda.Function;
  /** The role it runs as. */
  readonly role: iam.Role;
  /** Where its logs go. */
  readonly logGroup: logs.LogGroup;
  /** Where events go that it could not handle when called asynchronously. */
  readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: HandlerProps<Schema>) {
    super(scope, id);
    refuseWrongVariables(props);
    const { environment, operations } = props;

    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: operations.queueKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.logGroup = new logs.LogGroup(this, 'Log', {
      encryptionKey: operations.logKey,
      retention: logRetention(environment.retention.logDays),
      removalPolicy: environment.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, 'Role', {
      description: `Runs ${props.name}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of this.statements(props)) this.role.addToPolicy(statement);
    explainWildcard(this.role, Object.fromEntries(INTERFACES.map((action) => [action, JOINS])));

    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(handlerBundle(props.name)),
      handler: 'index.handler',
      role: this.role,
      timeout: props.timeout ?? Duration.seconds(5),
      memorySize: props.memoryMiB ?? 512,
      reservedConcurrentExecutions: props.oneAtATime ? 1 : (props.reservedConcurrency ?? 10),
      ...(props.oneAtATime && { retryAttempts: 0 }),
      tracing: lambda.Tracing.ACTIVE,
      logGroup: this.logGroup,
      deadLetterQueue: this.deadLetterQueue,
      vpc: props.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [props.securityGroup],
      environment: {
        ...setVariables(props.variables),
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
      // The queues' key, since the function already needs it for its dead letters; the variables hold no secret.
      environmentEncryption: operations.queueKey,
    });
    this.addAlarms(props);
  }

  private statements(props: HandlerProps<Schema>): iam.PolicyStatement[] {
    const { account, region } = props.environment;
    const descriptions = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
    return [
      new iam.PolicyStatement({
        sid: 'WriteLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
      new iam.PolicyStatement({
        sid: 'EncryptDeadLetters',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [props.operations.queueKey.keyArn],
      }),
      new iam.PolicyStatement({
        sid: 'JoinNetwork',
        actions: INTERFACES,
        resources: [`arn:aws:ec2:${region}:${account}:*/*`],
      }),
      // EC2 has no resource level for descriptions.
      new iam.PolicyStatement({ sid: 'SeeNetwork', actions: descriptions, resources: ['*'] }),
      // Lambda itself joins the network; the function's code may not. The key is present in the code's calls only.
      new iam.PolicyStatement({
        sid: 'KeepCodeOffTheNetworkApi',
        effect: iam.Effect.DENY,
        actions: [
          ...INTERFACES,
          ...descriptions.filter(
            (action) => !(props.seesInterfaces && action === 'ec2:DescribeNetworkInterfaces'),
          ),
        ],
        resources: ['*'],
        conditions: {
          ArnLike: { 'lambda:SourceFunctionArn': `arn:aws:lambda:${region}:${account}:function:*` },
        },
      }),
    ];
  }

  private addAlarms({ operations, oneAtATime = false }: HandlerProps<Schema>): void {
    const period = ALARM_PERIOD;
    const common = { threshold: 1, runbook: 'handler-errors', operations };
    new RunbookAlarm(this, 'Errors', {
      ...common,
      metric: this.function.metricErrors({ period }),
      summary: 'The function failed',
    });
    if (!oneAtATime)
      new RunbookAlarm(this, 'Throttles', {
        ...common,
        metric: this.function.metricThrottles({ period }),
        summary: 'The function was called more often than it may run',
      });
    new RunbookAlarm(this, 'Undelivered', {
      ...common,
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period }),
      summary: 'Events wait that the function could not handle',
    });
  }
}

function setVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** What is known at synth is checked at synth; a value that only the deployment knows is checked by the handler. */
function refuseWrongVariables<Schema extends HandlerSchema>(props: HandlerProps<Schema>): void {
  const variables: Readonly<Record<string, string | undefined>> = props.variables;
  const problems = Object.entries(props.schema.shape).flatMap(([name, schema]) => {
    const value = variables[name];
    if (Token.isUnresolved(value)) return [];
    return schema.safeParse(value).error?.issues.map((issue) => `  ${name}: ${issue.message}`) ?? [];
  });
  if (problems.length > 0)
    throw new Error([`The variables of the handler "${props.name}" are wrong:`, ...problems].join('\n'));
}

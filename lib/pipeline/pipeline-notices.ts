import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { PipelineConfiguration } from '../config/schema';

/** What the notices are made from. */
export interface PipelineNoticesProps {
  /** Where the pipeline lives, and who is told. */
  readonly configuration: PipelineConfiguration;
  /** The pipeline that releases. */
  readonly pipeline: codepipeline.IPipeline;
  /** Names of the environments that it releases to, in their order. */
  readonly environments: readonly string[];
  /** The pipelines that go back, one for each environment. */
  readonly rollbacks: readonly codepipeline.IPipeline[];
}

const EXECUTION = 'CodePipeline Pipeline Execution State Change';
const ACTION = 'CodePipeline Action Execution State Change';

/**
 * Tells people, in a sentence, that the pipeline has released, that it failed or that it waits for them, and of whatever
 * goes back: it needs no approval, so nobody else would know that it began. Source of the events' form:
 * CodePipeline user guide, "Monitoring CodePipeline events".
 */
export class PipelineNotices extends Construct {
  /** Where the notices are sent. */
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: PipelineNoticesProps) {
    super(scope, id);
    const { configuration } = props;
    this.topic = this.makeTopic(configuration);
    const field = (path: string): string => events.EventField.fromPath(path);
    const tell = (
      name: string,
      pipelines: readonly codepipeline.IPipeline[],
      [detailType, detail]: readonly [string, object],
      words: string,
    ): void => {
      new events.Rule(this, name, {
        description: `Tells people: ${detailType}`,
        eventPattern: {
          source: ['aws.codepipeline'],
          detailType: [detailType],
          detail: { pipeline: pipelines.map(({ pipelineName }) => pipelineName), ...detail },
        },
        targets: [new targets.SnsTopic(this.topic, { message: events.RuleTargetInput.fromText(words) })],
      });
    };
    tell(
      'Ended',
      [props.pipeline],
      [EXECUTION, { state: ['FAILED', 'STOPPED'] }],
      `The pipeline ${field('$.detail.pipeline')} is ${field('$.detail.state')} (execution ${field('$.detail.execution-id')}). ` +
        'The console shows the step and its log; docs/runbooks/migrations-failed.md and docs/releases.md say what to do.',
    );
    tell(
      'Released',
      [props.pipeline],
      [EXECUTION, { state: ['SUCCEEDED'] }],
      `The pipeline ${field('$.detail.pipeline')} has released to ${props.environments.join(', then ')} ` +
        `(execution ${field('$.detail.execution-id')}, ${field('$.detail.state')}). Version, commit, approver and how long each phase took: ` +
        `${props.environments.map((name) => `npm run releases -- --env ${name}`).join(', ')}.`,
    );
    tell(
      'Waits',
      [props.pipeline],
      [ACTION, { state: ['STARTED'], type: { category: ['Approval'] } }],
      `The pipeline ${field('$.detail.pipeline')} waits for an approval: ${field('$.detail.action')} in ${field('$.detail.stage')} ` +
        `(execution ${field('$.detail.execution-id')}). Nothing goes on until somebody decides; after seven days it fails.`,
    );
    if (props.rollbacks.length > 0)
      tell(
        'WentBack',
        props.rollbacks,
        [EXECUTION, { state: ['STARTED', 'SUCCEEDED', 'FAILED', 'STOPPED'] }],
        `The pipeline ${field('$.detail.pipeline')}, which takes its environment back, is ${field('$.detail.state')} ` +
          `(execution ${field('$.detail.execution-id')}). The last line of its log says what has the traffic; ` +
          'docs/runbooks/release-rollback.md says what to do, and when it is over.',
      );
  }

  private makeTopic({ account, notices }: PipelineConfiguration): sns.Topic {
    const masterKey = new kms.Key(this, 'Key', {
      description: 'telehealth pipeline: notices to people',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const fromEvents = {
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    };
    masterKey.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowEvents',
        ...fromEvents,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key's own policy `*` is that key.
        resources: ['*'],
      }),
    );
    const topic = new sns.Topic(this, 'Topic', {
      displayName: 'telehealth pipeline',
      masterKey,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowEvents',
        ...fromEvents,
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    for (const address of notices) topic.addSubscription(new subscriptions.EmailSubscription(address));
    Tags.of(this).add('DataClassification', 'Internal');
    return topic;
  }
}

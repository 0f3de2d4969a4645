import { SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { bridge } from './contract';

const sns = new SNSClient();

const topic = bridge(
  z.object({
    Id: z.string(),
    KmsMasterKeyId: z.string().optional(),
    SignatureVersion: z.string().optional(),
    TracingConfig: z.string().optional(),
  }),
  {
    create: async ({ Id, ...attributes }) => {
      for (const [AttributeName, AttributeValue] of Object.entries(attributes))
        await sns.send(new SetTopicAttributesCommand({ TopicArn: Id, AttributeName, AttributeValue }));
      return { id: `${Id}|properties` };
    },
  },
);

/** What the template's own way drops of a topic. */
export const bridges = { 'reconcile:AWS::SNS::Topic': topic };

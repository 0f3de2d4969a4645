import {
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { bridge } from './contract';

const lambda = new LambdaClient();

const properties = z.object({
  Id: z.string(),
  VpcConfig: z
    .object({
      SubnetIds: z.array(z.string()).optional(),
      SecurityGroupIds: z.array(z.string()).optional(),
      Ipv6AllowedForDualStack: z.boolean().optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  KmsKeyArn: z.string().optional(),
  ReservedConcurrentExecutions: z.number().optional(),
});

const functionProperties = bridge(properties, {
  create: async ({ Id, VpcConfig, DeadLetterConfig, KmsKeyArn, ReservedConcurrentExecutions }) => {
    if (VpcConfig ?? DeadLetterConfig ?? KmsKeyArn)
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: Id,
          VpcConfig,
          DeadLetterConfig,
          KMSKeyArn: KmsKeyArn,
        }),
      );
    if (ReservedConcurrentExecutions !== undefined)
      await lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName: Id, ReservedConcurrentExecutions }),
      );
    return { id: `${Id}|properties` };
  },
});

/** What the template's own way drops of a function. */
export const bridges = { 'reconcile:AWS::Lambda::Function': functionProperties };

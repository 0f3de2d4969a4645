import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { clientOptions, type LocalCloud } from '../cloud';
import { zipOne } from '../deploy/zip';

const template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.looseObject({}).optional() })),
  Outputs: z.looseObject({
    ReleaseTestTrafficHook: z.object({
      Value: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
    }),
  }),
});
const functionSchema = z.looseObject({ Code: z.object({ S3Bucket: z.string(), S3Key: z.string() }) });

/** Runs something while the function that tries new versions has other code. */
export async function withTestTrafficHook<T>(
  cloud: LocalCloud,
  props: { readonly functionArn: string; readonly template: string; readonly source: string },
  run: () => Promise<T>,
): Promise<T> {
  const lambda = new LambdaClient(clientOptions(cloud));
  const FunctionName = props.functionArn;
  const { Resources, Outputs } = template.parse(JSON.parse(props.template));
  const [id] = Outputs.ReleaseTestTrafficHook.Value['Fn::GetAtt'];
  const { Code } = functionSchema.parse(Resources[id]?.Properties);
  const ZipFile = zipOne('index.js', Buffer.from(props.source));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  try {
    return await run();
  } finally {
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...Code }));
  }
}

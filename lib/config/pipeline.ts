import type { PipelineInput } from './schema';

/** Where the pipeline lives and what it follows. */
export const pipeline: PipelineInput = {
  account: '444444444444',
  region: 'us-east-1',
  repository: 'example-telehealth/platform',
  connectionArn:
    'arn:aws:codeconnections:us-east-1:444444444444:connection/00000000-0000-4000-8000-000000000000',
  evidence: { officers: { samlProvider: 'arn:aws:iam::444444444444:saml-provider/workforce' } },
  owner: 'platform-engineering',
  costCenter: 'CC-100',
};

import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import type { z } from 'zod';
import {
  type Application,
  applicationSchema,
  configSchema,
  type DeploymentConfig,
  type DeploymentGroup,
  groupSchema,
} from '../model/catalogue';
import type { Catalogue } from '../ports';
import { CATALOGUE_PATH } from './catalogue-path';

/** What the bridge kept of the deployed templates, in parameters of the account. */
export class LocalCatalogue implements Catalogue {
  constructor(private readonly ssm: SSMClient) {}

  applications(): Promise<readonly Application[]> {
    return this.read('applications', applicationSchema);
  }

  groups(): Promise<readonly DeploymentGroup[]> {
    return this.read('groups', groupSchema);
  }

  configs(): Promise<readonly DeploymentConfig[]> {
    return this.read('configs', configSchema);
  }

  private async read<Schema extends z.ZodType>(kind: string, schema: Schema): Promise<z.output<Schema>[]> {
    const found: z.output<Schema>[] = [];
    const pages = paginateGetParametersByPath({ client: this.ssm }, { Path: `${CATALOGUE_PATH}/${kind}` });
    for await (const { Parameters = [] } of pages)
      for (const { Value = '' } of Parameters) found.push(schema.parse(JSON.parse(Value)));
    return found;
  }
}

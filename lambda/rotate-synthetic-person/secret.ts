import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Credentials } from '../../lib/identity/model';
import { readSyntheticCredentials } from '../shared/synthetic-credentials';

type Stage = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

/** The secret in the four steps of a rotation. Source: Secrets Manager user guide, "Lambda rotation functions". */
export class RotatingSecret {
  constructor(
    private readonly secrets: Pick<SecretsManagerClient, 'send'>,
    private readonly id: string,
  ) {}

  /** What a version holds; nothing when there is no such version, or no rotation wrote it. */
  async read(stage: Stage, version?: string): Promise<Credentials | undefined> {
    try {
      const { SecretString } = await this.secrets.send(
        new GetSecretValueCommand({
          SecretId: this.id,
          VersionStage: stage,
          ...(version !== undefined && { VersionId: version }),
        }),
      );
      return readSyntheticCredentials(SecretString);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** Writes what is to be current once it has been tried. */
  async propose(version: string, credentials: Credentials): Promise<void> {
    await this.secrets.send(
      new PutSecretValueCommand({
        SecretId: this.id,
        ClientRequestToken: version,
        SecretString: JSON.stringify(credentials),
        VersionStages: ['AWSPENDING'],
      }),
    );
  }

  /** Id of the version that everybody reads. */
  async current(): Promise<string | undefined> {
    const { VersionIdsToStages = {} } = await this.secrets.send(
      new DescribeSecretCommand({ SecretId: this.id }),
    );
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  }

  /** Makes a version the one that everybody reads. */
  async promote(version: string, instead: string | undefined): Promise<void> {
    await this.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: this.id,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: version,
        ...(instead !== undefined && { RemoveFromVersionId: instead }),
      }),
    );
  }
}

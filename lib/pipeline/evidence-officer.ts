import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PipelineConfiguration } from '../config/schema';

/** What the officer's role is made from. */
export interface EvidenceOfficerProps {
  /** Lets a role read it. */
  readonly vault: { grantRead(grantee: iam.IGrantable): void };
  /** Who may take the role. */
  readonly officers: PipelineConfiguration['evidence']['officers'];
}

/** The role that reads evidence and nothing else, for an hour at a time; there is none while nobody is named. */
export class EvidenceOfficer extends Construct {
  constructor(scope: Construct, id: string, { vault, officers }: EvidenceOfficerProps) {
    super(scope, id);
    const { samlProvider, principals } = officers;
    const trusted: iam.IPrincipal[] = [
      // Whoever comes by the identity provider has shown a second factor there: AWS is not told of it.
      ...(samlProvider === undefined
        ? []
        : [
            new iam.FederatedPrincipal(
              samlProvider,
              { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
              'sts:AssumeRoleWithSAML',
            ),
          ]),
      ...principals.map((arn) =>
        new iam.ArnPrincipal(arn).withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      ),
    ];
    if (trusted.length === 0) return;
    vault.grantRead(
      new iam.Role(this, 'Role', {
        description: 'Compliance officers: reads evidence and nothing else',
        maxSessionDuration: Duration.hours(1),
        assumedBy: new iam.CompositePrincipal(...trusted),
      }),
    );
  }
}

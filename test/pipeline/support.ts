import type { Template } from 'aws-cdk-lib/assertions';

/** A statement of a policy, as far as tests look at it. */
interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The statements of the managed policies of a role, by its logical id. */
export function statementsOf(template: Template, roleId: string): Statement[] {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .map(
      ({ Properties }) =>
        Properties as { Roles?: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } },
    )
    .filter(({ Roles }) => Roles?.some(({ Ref }) => Ref === roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

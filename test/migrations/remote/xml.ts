import type { AwsAnswer } from '../../support/aws-server';

/** An answer of a service that speaks the query protocol. */
export const xml = (operation: string, body: string): AwsAnswer => ({
  headers: { 'content-type': 'text/xml' },
  body: `<${operation}Response><${operation}Result>${body}</${operation}Result></${operation}Response>`,
});

/** An error of such a service. */
export const xmlError = (code: string, message: string): AwsAnswer => ({
  status: 400,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

/** A stack with these outputs, as CloudFormation describes it. */
export const stackWith = (outputs: Readonly<Record<string, string>>): AwsAnswer => {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return xml(
    'DescribeStacks',
    `<Stacks><member><StackName>stack</StackName><CreationTime>2026-11-24T00:00:00Z</CreationTime>` +
      `<StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks>`,
  );
};

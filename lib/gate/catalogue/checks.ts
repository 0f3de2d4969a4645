/** A test that shows something no rule over a template can. */
export interface Check {
  /** Its name in the report. */
  readonly id: string;
  /** What it shows, in a sentence. */
  readonly title: string;
  /** Citations that it serves. */
  readonly controls: readonly string[];
  /** The test's file, relative to the repository. */
  readonly file: string;
  /** The test's full name, with what it stands in. */
  readonly test: string;
}

/** The checks by test; a test proves that each of them is there under this name. */
export const CHECKS: readonly Check[] = [
  {
    id: 'second-factor',
    title: 'Nobody signs in without a second factor that is not a text message.',
    controls: ['164.312(d)', '164.312(a)(2)(i)', '164.308(a)(5)(ii)(D)'],
    file: 'test/auth/auth-stack.test.ts',
    test: 'people sign in by an address in any case, with a second factor that is never a text message',
  },
  {
    id: 'session-lifetime',
    title: 'A session ends by itself and can be revoked.',
    controls: ['164.312(a)(2)(iii)'],
    file: 'test/auth/auth-stack.test.ts',
    test: 'every client is public, short-lived, revocable and writes nothing that the platform decides by',
  },
  {
    id: 'identity-of-callers',
    title: 'The API knows one person by one token, and takes no other.',
    controls: ['164.312(d)', '164.312(a)(2)(i)'],
    file: 'test/api/identity.test.ts',
    test: 'whatever else the header holds is refused with 401',
  },
  {
    id: 'failed-sign-ins',
    title: 'Failed sign-ins raise an alarm.',
    controls: ['164.308(a)(5)(ii)(C)', '164.308(a)(1)(ii)(D)'],
    file: 'test/auth/auth-stack.test.ts',
    test: 'more than twenty failed sign-ins in five minutes raise an alarm',
  },
  {
    id: 'leaked-passwords',
    title: 'Leaked passwords and risky sign-ins are blocked.',
    controls: ['164.308(a)(5)(ii)(D)', '164.308(a)(5)(ii)(C)'],
    file: 'test/auth/auth-stack.test.ts',
    test: 'high risk and leaked passwords are blocked, other risk asks for the second factor',
  },
  {
    id: 'backup-coverage',
    title: 'The cluster, every table and every bucket are in the backup plan.',
    controls: ['164.308(a)(7)(ii)(A)', '164.310(d)(2)(iv)'],
    file: 'test/data/storage.test.ts',
    test: 'backup covers the cluster, every table and every bucket of the stack',
  },
  {
    id: 'restore-testing',
    title: 'Recovery points are restored for a test every month where it is configured.',
    controls: ['164.308(a)(7)(ii)(B)', '164.308(a)(7)(ii)(D)'],
    file: 'test/data/storage.test.ts',
    test: 'backup is restored every month for a test when configured, into the isolated subnets',
  },
  {
    id: 'key-rotation',
    title: 'Every symmetric key rotates.',
    controls: ['164.312(a)(2)(iv)'],
    file: 'test/platform/invariants.test.ts',
    test: 'encryption at rest every symmetric key rotates',
  },
  {
    id: 'append-only-audit',
    title: 'Audit events can be added and read, and changed by nobody.',
    controls: ['164.312(b)', '164.312(c)(1)'],
    file: 'test/data/data-stack.test.ts',
    test: 'the tables audit events can be added and read by those who may, changed and removed by nobody',
  },
  {
    id: 'record-retention',
    title: 'A record of the database may go only once it is older than 2557 days.',
    controls: ['164.316(b)(2)(i)'],
    file: 'test/database/schema/records.test.ts',
    test: 'a record cannot be made older than it is, and may go once it is older than 2557 days',
  },
  {
    id: 'flow-log-retention',
    title: 'Flow logs are kept for seven years under a key.',
    controls: ['164.316(b)(2)(i)', '164.312(b)'],
    file: 'test/network/network-stack.test.ts',
    test: 'flow logs record all traffic and are kept seven years under the log key',
  },
  {
    id: 'alarms-reach-people',
    title: 'Every alarm is sent on and names a runbook that exists.',
    controls: ['164.308(a)(6)(ii)', '164.308(a)(1)(ii)(D)'],
    file: 'test/app/app-stack.test.ts',
    test: 'every alarm is sent somewhere and names a runbook that exists',
  },
  {
    id: 'internet-reach',
    title: 'Nothing but the load balancer admits the internet.',
    controls: ['164.312(a)(1)', '164.312(e)(1)'],
    file: 'test/platform/invariants.test.ts',
    test: 'access nothing but the load balancer admits the internet',
  },
  {
    id: 'row-level-security',
    title: 'Every table has forced row-level security.',
    controls: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)'],
    file: 'test/database/schema/catalogue.test.ts',
    test: 'every table has forced row-level security, the migrator’s policy and one for the API',
  },
  {
    id: 'classified-columns',
    title: 'Every column says whether it holds health data.',
    controls: ['164.308(a)(1)(ii)(A)', '164.308(a)(7)(ii)(E)'],
    file: 'test/database/schema/catalogue.test.ts',
    test: 'every column says whether it holds health data, personal data or neither',
  },
  {
    id: 'signature-chain',
    title: 'Signatures of records form one chain without a gap.',
    controls: ['164.312(c)(2)'],
    file: 'test/database/schema/records.test.ts',
    test: 'the chain of signatures does not fork and has no gap, when 16 sessions sign 10 times each at once',
  },
  {
    id: 'database-transport',
    title: 'The database admits TLS only.',
    controls: ['164.312(e)(2)(i)', '164.312(e)(2)(ii)'],
    file: 'test/data/data-stack.test.ts',
    test: 'the database admits TLS and IAM, is encrypted, logs, and keeps no password of ours',
  },
];

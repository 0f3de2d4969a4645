import { judge } from '../../../lib/release/guard/judge';
import type { Change, Resources, TemplateResource } from '../../../lib/release/guard/model';
import { WAIVERS } from '../../../lib/release/guard/model';

export const TODAY = '2026-03-01';
export const change = (more: Partial<Change>): Change => ({
  action: 'Modify',
  id: 'It',
  type: 'AWS::S3::Bucket',
  replacement: 'False',
  properties: [],
  ...more,
});
export const look = (changes: Change[], before: Resources, after: Resources, running?: string) =>
  judge(
    { stack: 'S', name: 'PipelineChange', changes, before, after },
    { today: TODAY, accounts: ['111122223333', '444455556666'], ...(running !== undefined && { running }) },
  );
export const findings = (...of: Parameters<typeof look>) =>
  look(...of).findings.map(({ change: what }) => what);
/** What is found in a change of one resource, of the same type before and after. */
export const modified = (before: TemplateResource, after: TemplateResource) =>
  findings([change({ type: before.Type })], { It: before }, { It: after });

/** A statement that allows something. */
export const allow = (action: unknown, resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});
/** A role of another stack. */
export const IMPORTED = { 'Fn::ImportValue': 'Prod-Auth:ApiRole' };
/** A key of this one. */
export const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };

export const leave = (what: string, expires = '2026-12-31') => ({
  [WAIVERS]: [
    {
      ...{ change: what, reason: 'a planned cut-over', owner: 'platform', approvedBy: 'security-officer' },
      ...{ ticket: 'REL-1', expires },
    },
  ],
});

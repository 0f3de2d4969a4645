import type { Found, TemplateResource } from './model';
import { isAbsent, isSame, show } from './values';

/** Ways to sign in as a user that a change makes: a key that works, or a password. Whoever has one needs no role. */
export function credentialsMade(
  id: string,
  was: TemplateResource | undefined,
  is: TemplateResource,
): readonly Found[] {
  const { Properties: old = {} } = was ?? {};
  const { Type, Properties: now = {} } = is;
  if (Type === 'AWS::IAM::AccessKey' && now.Status !== 'Inactive') {
    const same = ['UserName', 'Serial'].every((name) => isSame(old[name], now[name]));
    if (was && same && old.Status !== 'Inactive') return [];
    const user = show(now.UserName);
    return [
      found(
        id,
        `make an access key of ${user}`,
        `It would make a key that works, with all that ${user} may do.`,
      ),
    ];
  }
  if (Type === 'AWS::IAM::User' && isAbsent(old.LoginProfile) && !isAbsent(now.LoginProfile))
    return [found(id, 'give a password', 'It would let the user sign in with a password.')];
  return [];
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'iam', id, change, words };
}

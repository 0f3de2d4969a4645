import { accountOf, isTrusted } from './accounts';
import type { ChangeSet, Found, TemplateResource } from './model';
import { placesOf, valueAt } from './places';
import { choices, isIntrinsic, isObject, show } from './values';

/** Properties that name a key which encrypts. */
const KEY = /^(?:\w*(?:KMS|Kms)\w*|EncryptionKey(?:Arn|Id)?|KeyId)$/;
/** Where a resource sends what it has or sees, by type. */
const DESTINATIONS: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupPlan': 'BackupPlan.BackupPlanRule.*.CopyActions.*.DestinationBackupVaultArn',
  'AWS::Events::Rule': 'Targets.*.Arn',
  'AWS::Logs::SubscriptionFilter': 'DestinationArn',
  'AWS::S3::Bucket': 'ReplicationConfiguration.Rules.*.Destination.Account',
  'AWS::SNS::Subscription': 'Endpoint',
};

/** What comes to depend on another account: data under a key of it, or on the way to it. */
export function foreignChanges(
  { before, after }: ChangeSet,
  { accounts }: { readonly accounts: readonly string[] },
): readonly Found[] {
  return Object.entries(after).flatMap(([id, is]) => {
    const was = before[id];
    const news = (look: (resource: TemplateResource) => readonly unknown[]): readonly string[] => {
      const known = (was ? look(was) : []).map(show);
      const foreign = look(is).filter((one) => isForeign(one, accounts));
      return [...new Set(foreign.map(show))].filter((one) => !known.includes(one));
    };
    return [
      ...news(({ Properties }) => keysIn(Properties)).map((key) =>
        found(
          id,
          `encrypt with ${key}`,
          `It would encrypt with ${key}, which another account may take away.`,
        ),
      ),
      ...news(destinationsOf).map((place) =>
        found(id, `send to ${place}`, `It would send what it has to ${place}, in another account.`),
      ),
    ];
  });
}

function destinationsOf({ Type, Properties }: TemplateResource): readonly unknown[] {
  const at = DESTINATIONS[Type]?.split('.');
  return at ? placesOf(Properties, at).flatMap((place) => choices(valueAt(Properties, place))) : [];
}

function keysIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    KEY.test(name)
      ? choices(inner).flatMap((one) => (isObject(one) && !isIntrinsic(one) ? keysIn(one) : [one]))
      : keysIn(inner),
  );
}

/** Whether a value is of an account that nobody trusts, or only the deployment tells; what stacks export is of their own. */
function isForeign(value: unknown, accounts: readonly string[]): boolean {
  const text = show(value);
  if (text.startsWith('{')) return !isObject(value) || value['Fn::ImportValue'] === undefined;
  const account = accountOf(text) ?? (/^\d{12}$/.test(text) ? text : '');
  return account !== '' && !isTrusted(account, accounts);
}

function found(id: string, change: string, words: string): Found {
  return { kind: 'data', id, change, words };
}

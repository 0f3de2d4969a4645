import type { Entity, Estate } from '../estate/estate';
import { arnOf } from '../estate/names';
import { mayMean } from '../estate/iam/match';
import { at, list } from '../template-rules/values';
import type { Store } from './stores';
import { textOr } from '../estate/text';

/** Whether a selection names the store, by its ARN or by a tag. */
function selects(selection: Entity, { entity }: Store): boolean {
  const chosen = selection.properties['BackupSelection'];
  const arn = arnOf(entity);
  const excluded = list(at(chosen, 'NotResources')).some((name) => mayMean(String(name), arn));
  const named = list(at(chosen, 'Resources')).some((name) => name === arn || String(name) === '*');
  const tags = list(entity.properties['Tags']);
  const tagged = list(at(chosen, 'ListOfTags')).some((wanted) =>
    tags.some(
      (tag) =>
        at(tag, 'Key') === at(wanted, 'ConditionKey') && at(tag, 'Value') === at(wanted, 'ConditionValue'),
    ),
  );
  return (named || tagged) && !excluded;
}

/** The last part of a vault's ARN and its region, as in `us-west-2, telehealth-prod-copy`. */
function placeOf(vault: unknown): string {
  const [, region = '', name = ''] =
    /^arn:[^:]*:backup:([^:]*):[^:]*:backup-vault:(.*)$/.exec(String(vault)) ?? [];
  return name === '' ? String(vault) : `${name} in ${region}`;
}

/** How long a rule or a copy keeps a recovery point. */
function keptBy(rule: unknown): string {
  const days = at(rule, 'Lifecycle', 'DeleteAfterDays');
  return days === undefined ? 'kept for ever' : `kept ${textOr(days, '?')} days`;
}

function rulesOf(estate: Estate, selection: Entity): readonly string[] {
  const plan = estate.meant(selection.properties['BackupPlanId']);
  return list(at(plan?.properties['BackupPlan'], 'BackupPlanRule')).map((rule) => {
    const copies = list(at(rule, 'CopyActions')).map(
      (copy) => `copied to ${placeOf(at(copy, 'DestinationBackupVaultArn'))}, ${keptBy(copy)}`,
    );
    return [`${textOr(at(rule, 'RuleName'), 'plan')}, ${keptBy(rule)}`, ...copies].join('; ');
  });
}

/** How the store is backed up: by which rule of a plan, for how long, and where it is copied; `none` where it is not. */
export function backupOf(estate: Estate, store: Store): string {
  const planned = estate
    .ofType('AWS::Backup::BackupSelection')
    .filter((selection) => selects(selection, store))
    .flatMap((selection) => rulesOf(estate, selection));
  const own = store.entity.properties['BackupRetentionPeriod'];
  const all = [...planned, ...(own === undefined ? [] : [`its own, kept ${textOr(own, '?')} days`])];
  return all.length === 0 ? 'none' : all.join('; ');
}

import type { Estate } from '../estate/estate';
import type { PhiMap } from '../report/model';
import { isTrue } from '../template-rules/values';
import { backupOf } from './backups';
import { CLASSIFIED_COLUMNS } from './columns';
import { flowsOf } from './flows';
import { decryptorsOf, type Reader, readersOf } from './readers';
import { LIST_DATED, LIST_SOURCE, servicesUsed } from './services';
import { calledOf, isWatched, keyMeant, retentionOf, type Store, storesOf } from './stores';

type MappedStore = PhiMap['stores'][number];

function readerOf({ name, how, condition, assumedBy }: Reader): MappedStore['readers'][number] {
  return { name, how, ...(condition !== '' && { condition }), assumedBy: [...assumedBy] };
}

/** The key in words: its path and whether it changes, or that there is none of ours. */
function keyOf(estate: Estate, store: Store): { readonly key: string; readonly rotation: string } {
  const named = store.kind?.key(store.entity.properties);
  const key = keyMeant(estate, named);
  if (!key) return { key: named === undefined ? 'none' : 'of another template', rotation: 'not known' };
  const rotates = isTrue(key.properties['EnableKeyRotation']);
  return { key: key.path, rotation: rotates ? 'every year' : 'never' };
}

/**
 * Where health data lies in every environment, how it is kept and who can come to it, computed from the templates.
 * @param environments - the resources of each environment, by its name
 */
export function phiMapOf(environments: ReadonlyMap<string, Estate>): PhiMap {
  const stores: PhiMap['stores'] = [];
  const flows: PhiMap['flows'] = [];
  for (const [environment, estate] of environments) {
    const deciphers = new Map<string, MappedStore['decryptors']>();
    for (const store of storesOf(estate)) {
      const watched = isWatched(store);
      const { key, rotation } = keyOf(estate, store);
      const used = watched && keyMeant(estate, store.kind?.key(store.entity.properties));
      if (used && !deciphers.has(key)) deciphers.set(key, decryptorsOf(estate, used).map(readerOf));
      stores.push({
        path: store.entity.path,
        name: calledOf(store),
        environment,
        type: store.entity.type,
        classification: store.classification,
        key,
        rotation,
        retention: retentionOf(store),
        backup: backupOf(estate, store),
        readers: watched ? readersOf(estate, store).map(readerOf) : [],
        decryptors: deciphers.get(key) ?? [],
      });
    }
    flows.push(
      ...flowsOf(estate).map(({ from, to, protection, encrypted }) => ({
        environment,
        from,
        to,
        protection,
        encrypted,
      })),
    );
  }
  const order = (one: MappedStore): string =>
    [
      one.environment,
      ['PHI', 'unclassified', 'PII', 'Audit'].indexOf(one.classification) + 1 || 9,
      one.path,
    ].join('\n');
  return {
    columns: CLASSIFIED_COLUMNS.map(([table, column, classification]) => ({ table, column, classification })),
    stores: stores.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    flows,
    services: {
      listDated: LIST_DATED,
      source: LIST_SOURCE,
      used: servicesUsed([...environments.values()]).map(({ service, standing, types }) => ({
        service,
        standing,
        types: [...types],
      })),
    },
  };
}

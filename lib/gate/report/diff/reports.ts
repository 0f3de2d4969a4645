import type { Change, Report, Status } from '../model';

const said = (status: Status): string => status.replaceAll('-', ' ');

/** What changed of findings: new, fixed, newly accepted. */
function ofFindings(earlier: Report, later: Report): Change[] {
  const before = new Map(earlier.findings.map((finding) => [finding.id, finding]));
  const after = new Set(later.findings.map(({ id }) => id));
  const changes = later.findings.flatMap((finding): Change[] => {
    const { id, rule, resource, environment, state, detail } = finding;
    const was = before.get(id)?.state;
    if (state === 'accepted')
      return was === 'accepted'
        ? []
        : [
            {
              kind: 'newly-accepted',
              environment,
              subject: rule,
              text: `${resource} is now excepted from ${rule}.`,
            },
          ];
    return was === undefined || was === 'accepted'
      ? [{ kind: 'new', environment, subject: rule, text: `${resource}: ${detail}` }]
      : [];
  });
  const fixed = earlier.findings
    .filter(({ id }) => !after.has(id))
    .map(({ environment, rule, resource, state }): Change => ({
      kind: 'fixed',
      environment,
      subject: rule,
      text: `${resource} no longer ${state === 'accepted' ? `needs an exception from ${rule}` : `breaks ${rule}`}.`,
    }));
  return [...changes, ...fixed];
}

function ofExceptions(earlier: Report, later: Report): Change[] {
  const before = new Map(earlier.exceptions.map(({ id, state }) => [id, state]));
  return later.exceptions
    .filter(({ id, state }) => state === 'expired' && before.get(id) !== 'expired')
    .map(({ environment, rule, path, owner, expires }) => ({
      kind: 'expired',
      environment,
      subject: rule,
      text: `The exception of ${path} from ${rule} held until ${expires}; ${owner} answers for it.`,
    }));
}

function ofStatuses(earlier: Report, later: Report): Change[] {
  const before = new Map(earlier.controls.map(({ citation, statuses }) => [citation, statuses]));
  return later.controls.flatMap(({ citation, title, statuses }) =>
    Object.entries(statuses).flatMap(([environment, { status }]): Change[] => {
      const was = before.get(citation)?.[environment]?.status;
      return was === undefined || was === status
        ? []
        : [
            {
              kind: 'status',
              environment,
              subject: citation,
              text: `${title} was ${said(was)} and is ${said(status)}.`,
            },
          ];
    }),
  );
}

type Reader = Report['phi']['stores'][number]['readers'][number];

function ofStores(earlier: Report, later: Report): Change[] {
  const before = new Map(earlier.phi.stores.map((store) => [store.path, store]));
  return later.phi.stores.flatMap((store): Change[] => {
    const { path, environment, retention, backup } = store;
    const was = before.get(path);
    if (!was) return [];
    const gained = (now: readonly Reader[], then: readonly Reader[]): string[] =>
      now.map(({ name }) => name).filter((name) => !then.some((one) => one.name === name));
    const broadened = (words: string, added: readonly string[]): Change[] =>
      added.length === 0
        ? []
        : [
            {
              kind: 'broadened-access',
              environment,
              subject: path,
              text: `Also ${words} by ${added.join(', ')}.`,
            },
          ];
    const kept = (what: string, from: string, to: string): Change[] =>
      from === to
        ? []
        : [
            {
              kind: 'changed-retention',
              environment,
              subject: path,
              text: `Its ${what} was ${from} and is ${to}.`,
            },
          ];
    return [
      ...broadened('decrypted', gained(store.decryptors, was.decryptors)),
      ...broadened('read', gained(store.readers, was.readers)),
      ...kept('retention', was.retention, retention),
      ...kept('backup', was.backup, backup),
    ];
  });
}

/** What changed from one report to a later one, as far as the reports themselves say it. */
export function compareReports(earlier: Report, later: Report): Change[] {
  return [ofFindings, ofExceptions, ofStatuses, ofStores].flatMap((compare) => compare(earlier, later));
}

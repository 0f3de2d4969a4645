import type { Control, Finding, Report } from '../../report/model';
import type { Exception } from '../../report/registers';
import { Rows } from '../pieces';
import { namedUuid } from '../uuid';
import { atDay, controlId, listed, property, resourceUuids } from './parts';

const uuids = {
  observation: (environment: string, rule: string) => namedUuid('observation', environment, rule),
  exception: (id: string) => namedUuid('risk of exception', id),
  open: (environment: string, rule: string) => namedUuid('open risk', environment, rule),
};

function grouped<T>(all: readonly T[], by: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group) group.push(one);
    else groups.set(by(one), [one]);
  }
  return groups;
}

/** Everything of one environment: what was observed, what is at risk, and how each item of the catalogue stands. */
export function resultOf(
  report: Report,
  { name, account, region, verdict }: Report['environments'][number],
): object {
  const resourceUuid = resourceUuids();
  const here = <T extends { readonly environment: string }>(all: readonly T[]): readonly T[] =>
    all.filter(({ environment }) => environment === name);
  const resources = here(report.resources);
  const paths = new Set(resources.map(({ path }) => path));
  const held = grouped(
    report.results.filter(({ result, resource }) => result === 'compliant' && paths.has(resource)),
    ({ rule }) => rule,
  );
  const found = grouped(here(report.findings), ({ rule }) => rule);
  const observed = report.rules.filter(({ id }) => held.has(id) || found.has(id));
  const observedIds = new Set(observed.map(({ id }) => id));
  const open = observed.filter(({ id }) => found.get(id)?.some(({ state }) => state !== 'accepted'));
  const exceptions = here(report.exceptions);
  const excepted = new Map(exceptions.map(({ rule, ...one }) => [one.id, rule.replace(/\[.*$/, '')]));
  const openIds = new Set(open.map(({ id }) => id));
  const started = atDay(report.judgedOn);
  const risksOf = (rules: readonly string[]): readonly object[] => [
    ...rules.filter((id) => openIds.has(id)).map((id) => ({ 'risk-uuid': uuids.open(name, id) })),
    ...[...excepted]
      .filter(([, rule]) => rules.includes(rule))
      .map(([id]) => ({ 'risk-uuid': uuids.exception(id) })),
  ];
  const controls = report.controls.filter(({ statuses }) => statuses[name] !== undefined);
  const broken = new Set(here(report.findings).map(({ resource }) => resource));
  return {
    uuid: namedUuid('result', name, report.commit, report.judgedOn),
    title: `${report.system} ${report.version}, ${name}`,
    description: `Automated evaluation of ${resources.length} resources, and what is recorded of the rest.`,
    start: started,
    end: started,
    props: [...property('verdict', verdict), ...property('account', account), ...property('region', region)],
    ...(broken.size > 0 && {
      'local-definitions': {
        'inventory-items': new Rows(items(broken, resourceUuid)),
      },
    }),
    'reviewed-controls': {
      'control-selections': [
        {
          'include-controls': controls.map(({ citation }) => ({ 'control-id': controlId(citation) })),
        },
      ],
    },
    ...listed(
      'observations',
      observed.map((rule) =>
        observation(
          resourceUuid,
          name,
          started,
          rule,
          held.get(rule.id)?.length ?? 0,
          found.get(rule.id) ?? [],
        ),
      ),
    ),
    ...listed('risks', [
      ...open.map((rule) => openRisk(name, rule)),
      ...exceptions.map((exception) => exceptionRisk(exception)),
    ]),
    findings: controls.map((control) => finding(control, name, observedIds, risksOf(control.rules))),
  };
}

function observation(
  resourceUuid: (path: string) => string,
  environment: string,
  collected: string,
  { id, rationale, plugin, controls }: Report['rules'][number],
  compliant: number,
  findings: readonly Finding[],
): object {
  const count = (state: Finding['state']): string =>
    String(findings.filter((one) => one.state === state).length);
  return {
    uuid: uuids.observation(environment, id),
    title: id,
    description: rationale,
    props: [
      ...property('plugin', plugin),
      ...property('compliant', String(compliant)),
      ...property('open', count('open')),
      ...property('accepted', count('accepted')),
      ...property('could-not-be-judged', count('error')),
      ...controls.flatMap((citation) => property('citation', citation)),
    ],
    methods: ['TEST'],
    types: ['control-objective'],
    ...(findings.length > 0 && { subjects: new Rows(subjects(findings, rationale, resourceUuid)) }),
    collected,
  };
}

function* items(paths: Iterable<string>, resourceUuid: (path: string) => string): Iterable<object> {
  for (const path of paths) yield { uuid: resourceUuid(path), description: path };
}

/** What was found; its words only where they are not those of the rule, which the observation has. */
function* subjects(
  findings: readonly Finding[],
  rationale: string,
  resourceUuid: (path: string) => string,
): Iterable<object> {
  for (const { id, resource, state, detail } of findings)
    yield {
      'subject-uuid': resourceUuid(resource),
      type: 'inventory-item',
      props: [...property('finding', id), ...property('state', state)],
      remarks: detail === rationale ? undefined : detail,
    };
}

function openRisk(environment: string, { id, rationale, mend }: Report['rules'][number]): object {
  return {
    uuid: uuids.open(environment, id),
    title: `${id} is not met`,
    description: rationale,
    statement: mend === undefined ? rationale : `To mend: ${mend}.`,
    status: 'open',
    'related-observations': [{ 'observation-uuid': uuids.observation(environment, id) }],
  };
}

function exceptionRisk(exception: Exception): object {
  const { id, rule, path, reason, compensatingControl, owner, approvedBy, ticket, expires, state } =
    exception;
  return {
    uuid: uuids.exception(id),
    title: `${path} is excepted from ${rule}`,
    description: reason,
    statement: `${reason} Instead: ${compensatingControl}`,
    props: [
      ...property('exception', id),
      ...property('state', state),
      ...property('owner', owner),
      ...property('approved-by', approvedBy),
      ...property('ticket', ticket),
    ],
    // An exception that ended, or that covers nothing, excepts from nothing.
    status: state === 'expired' ? 'open' : state === 'unused' ? 'closed' : 'deviation-approved',
    'mitigating-factors': [{ uuid: namedUuid('mitigating factor', id), description: compensatingControl }],
    deadline: atDay(expires),
  };
}

function finding(
  { citation, title, rules, evidence, statuses, responsibility, owner }: Control,
  environment: string,
  observed: ReadonlySet<string>,
  risks: readonly object[],
): object {
  const { status, because } = statuses[environment] ?? { status: 'not-assessed', because: '' };
  const satisfied = status === 'met' || status === 'met-with-exception';
  return {
    uuid: namedUuid('finding', environment, citation),
    title: `${citation} ${title}`,
    description: because.trim() === '' ? evidence : because,
    props: [
      ...property('status', status),
      ...property('citation', citation),
      ...property('responsibility', responsibility),
      ...property('owner', owner),
    ],
    target: {
      type: 'objective-id',
      'target-id': controlId(citation),
      description: evidence,
      // OSCAL knows two states: whatever is not shown to hold is not satisfied, and the reason tells a failure from it.
      status: {
        state: satisfied ? 'satisfied' : 'not-satisfied',
        reason: satisfied ? 'pass' : status === 'not-met' ? 'fail' : 'other',
      },
    },
    ...listed(
      'related-observations',
      rules
        .filter((id) => observed.has(id))
        .map((id) => ({ 'observation-uuid': uuids.observation(environment, id) })),
    ),
    ...listed('related-risks', risks),
  };
}

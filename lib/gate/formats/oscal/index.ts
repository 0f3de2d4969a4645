import { type Report, REPORT_FILE } from '../../report/model';
import { jsonPieces, type Pieces } from '../pieces';
import { namedUuid } from '../uuid';
import { atDay, property } from './parts';
import { resultOf } from './result';

/** Version of OSCAL that is written. */
export const OSCAL_VERSION = '1.2.3';

/**
 * The report as assessment results of OSCAL, one result for each environment. The same report gives the same bytes and
 * UUIDs; a report that differs gets a UUID of its own, as OSCAL asks.
 * @param sha256 - SHA-256 of the report as it stands in the evidence folder, which the results cite
 */
export function* renderOscal(report: Report, sha256: string): Pieces {
  const plan = namedUuid('plan', report.catalogueVersion);
  const file = (title: string, href: string, hash: string): object => ({
    uuid: namedUuid('file', href, hash),
    title,
    rlinks: [{ href, 'media-type': 'application/json', hashes: [{ algorithm: 'SHA-256', value: hash }] }],
  });
  const results = {
    'assessment-results': {
      uuid: namedUuid('assessment results', sha256),
      metadata: {
        title: `${report.system}: HIPAA Security Rule, ${report.version}`,
        'last-modified': atDay(report.judgedOn),
        version: report.version,
        'oscal-version': OSCAL_VERSION,
        props: [
          ...property('commit', report.commit),
          ...property('uncommitted-changes', String(report.dirty)),
          ...property('catalogue-version', report.catalogueVersion),
          ...property('verdict', report.verdict),
        ],
        remarks: report.limits.join('\n\n'),
      },
      'import-ap': { href: `#${plan}` },
      results: report.environments.map((environment) => resultOf(report, environment)),
      'back-matter': {
        resources: [
          {
            uuid: plan,
            title: `Catalogue ${report.catalogueVersion} and the rules of the gate`,
            description:
              'No assessment plan is written in OSCAL: what is assessed, and how, is the catalogue of the Security Rule and the rules that map onto it, both part of the report.',
            rlinks: [{ href: REPORT_FILE, 'media-type': 'application/json' }],
          },
          file('The whole report', REPORT_FILE, sha256),
          ...report.templates.map(({ path, file: href, sha256: hash }) =>
            file(`Template of ${path}`, href, hash),
          ),
        ],
      },
    },
  };
  yield* jsonPieces(results);
  yield '\n';
}

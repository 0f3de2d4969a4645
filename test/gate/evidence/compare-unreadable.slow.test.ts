import * as fc from 'fast-check';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compareFolders } from '../../../lib/gate/evidence/compare';
import { EvidenceFolderError } from '../../../lib/gate/evidence/read';
import { key, queue, release } from './releases';
import { cleanUp, scratch } from './support';

afterAll(cleanUp);

describe('an earlier folder that cannot be read is refused in a sentence', () => {
  const refused = (folder: string) => {
    try {
      compareFolders(folder, release(queue({})));
      return 'not refused';
    } catch (error) {
      return error instanceof EvidenceFolderError ? error.message : `crashed: ${String(error)}`;
    }
  };
  const withReport = (text: string) => {
    const folder = scratch();
    fs.writeFileSync(path.join(folder, 'report.json'), text);
    return folder;
  };

  test('when it is empty, no JSON, of another form, or lacks a template', () => {
    expect(refused(scratch())).toMatch(/holds no report\.json/);
    expect(refused(withReport('{'))).toMatch(/is no JSON/);
    expect(refused(withReport('{}'))).toMatch(/is no report of this form/);
    const folder = release(key('*'));
    for (const file of fs.readdirSync(path.join(folder, 'templates')))
      fs.rmSync(path.join(folder, 'templates', file));
    expect(refused(folder)).toMatch(/the template of Dev\/Data, is missing/);
  });

  test('when a template is said to stand outside of it', () => {
    const folder = release(key('*'));
    const file = path.join(folder, 'report.json');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('templates/Dev-Data', '../../Dev-Data'));
    expect(refused(folder)).toMatch(/outside of it/);
  });

  /** What comes of a comparison: nothing but a diff or a sentence. */
  const saidOf = (earlier: string, later: string): string => {
    try {
      compareFolders(earlier, later);
      return 'compared';
    } catch (error) {
      if (!(error instanceof EvidenceFolderError)) throw error;
      expect(error.message).toMatch(/\.$/);
      return error.message;
    }
  };

  test('whatever its template or the later one says', () => {
    const [earlier, later] = [release(key('*')), release(queue({}))];
    const change = fc.oneof(
      fc.jsonValue(),
      fc.record({ Resources: fc.jsonValue() }),
      fc.record({
        Resources: fc.record({
          One: fc.oneof(
            fc.jsonValue(),
            fc.record({
              Type: fc.constantFrom(
                'AWS::IAM::Policy',
                'AWS::EC2::SecurityGroup',
                'AWS::KMS::Key',
                'AWS::S3::Bucket',
              ),
              Properties: fc.oneof(
                fc.jsonValue(),
                fc.record({ PolicyDocument: fc.jsonValue(), KeyPolicy: fc.jsonValue() }),
                fc.record({ SecurityGroupIngress: fc.jsonValue(), LifecycleConfiguration: fc.jsonValue() }),
              ),
            }),
          ),
        }),
      }),
    );
    const said = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(earlier, later), change, (folder, template) => {
        const file = path.join(folder, 'templates/Dev-Data.template.json');
        const whole = fs.readFileSync(file);
        fs.writeFileSync(file, JSON.stringify(template));
        try {
          said.add(saidOf(earlier, later));
        } finally {
          fs.writeFileSync(file, whole);
        }
      }),
      { numRuns: 300, seed: 6 },
    );
    expect(said).toContain('compared');
    expect([...said].join()).toMatch(/is missing or no JSON/);
  });

  test('whatever one of its fields is, or when its report was cut off', () => {
    const folder = release(queue({}));
    const text = fs.readFileSync(path.join(folder, 'report.json'), 'utf8');
    const report = JSON.parse(text) as Record<string, unknown>;
    const later = release(key('*'));
    const said = new Set<string>();
    const compared = (written: string): void => {
      fs.writeFileSync(path.join(folder, 'report.json'), written);
      said.add(saidOf(folder, later).replace(/^.*report\.json /, ''));
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(report)), fc.jsonValue(), (field, value) =>
        compared(JSON.stringify({ ...report, [field]: value })),
      ),
      { numRuns: 60, seed: 6 },
    );
    fc.assert(
      fc.property(fc.nat(text.length - 3), (end) => compared(text.slice(0, end))),
      { numRuns: 40, seed: 6 },
    );
    expect([...said].filter((one) => one.startsWith('is no '))).not.toEqual([]);
  });

  test('whatever else stands in it', () => {
    const whole = fs.readFileSync(path.join(release(queue({})), 'report.json'), 'utf8');
    const later = release(queue({}));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ maxLength: 3 }), (at, instead) => {
        const folder = withReport(whole.slice(0, at) + instead + whole.slice(at + 1));
        try {
          compareFolders(folder, later);
        } catch (error) {
          if (!(error instanceof EvidenceFolderError)) throw error;
          expect(error.message).toMatch(/\.$/);
        }
      }),
      { numRuns: 60, seed: 6 },
    );
  });
});

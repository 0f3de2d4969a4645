import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { coverage } from '../../../lib/local/localise/coverage';
import { localiseAssembly } from '../../../lib/local/localise/localise-assembly';

const options = { bridgeArn: 'arn:bridge', database: { host: '127.0.0.1', port: 5555 } };
const OLD = 'a'.repeat(64);
let dir: string;

function write(file: string, content: object): void {
  fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  fs.writeFileSync(path.join(dir, file), JSON.stringify(content));
}

function read(file: string): string {
  return fs.readFileSync(path.join(dir, file), 'utf8');
}

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'localise-'));
  write('in/manifest.json', {
    artifacts: {
      'assembly-Local': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Local' } },
    },
  });
  write('in/assembly-Local/manifest.json', {
    artifacts: {
      Data: {
        type: 'aws:cloudformation:stack',
        properties: {
          templateFile: 'Data.template.json',
          stackTemplateAssetObjectUrl: `s3://bucket/${OLD}.json`,
        },
      },
      'Data.assets': { type: 'cdk:asset-manifest', properties: { file: 'Data.assets.json' } },
    },
  });
  write('in/assembly-Local/Data.template.json', {
    Resources: {
      Trail: { Type: 'AWS::Events::Archive', Properties: {} },
      Queue: { Type: 'AWS::SQS::Queue' },
    },
  });
  write('in/assembly-Local/Data.assets.json', {
    files: { [OLD]: { source: { path: 'Data.template.json' } } },
    dockerImages: { image: { source: {} } },
  });
});

afterEach(() => fs.rmSync(dir, { recursive: true }));

test('the copy is localised under the hash of its new template, without images; the original stays', () => {
  localiseAssembly(path.join(dir, 'in'), path.join(dir, 'out'), options);
  const template = read('out/assembly-Local/Data.template.json');
  const hash = crypto.createHash('sha256').update(template).digest('hex');
  expect(template).toContain('Custom::LocalEventsArchive');
  expect(read('out/assembly-Local/manifest.json')).toContain(`s3://bucket/${hash}.json`);
  expect(JSON.parse(read('out/assembly-Local/Data.assets.json'))).toEqual({
    files: { [hash]: { source: { path: 'Data.template.json' } } },
    dockerImages: {},
  });
  expect(read('in/assembly-Local/Data.template.json')).toContain('AWS::Events::Archive');
});

test('the hash tells one localisation from another and is the same for the same', () => {
  const once = localiseAssembly(path.join(dir, 'in'), path.join(dir, 'out'), options);
  expect(localiseAssembly(path.join(dir, 'in'), path.join(dir, 'out'), options)).toBe(once);
  expect(
    localiseAssembly(path.join(dir, 'in'), path.join(dir, 'out'), { ...options, bridgeArn: 'other' }),
  ).not.toBe(once);
});

test('coverage counts each type and says how it is made', () => {
  expect(coverage(path.join(dir, 'in'))).toEqual([
    { type: 'AWS::Events::Archive', count: 1, support: 'bridged', reconciled: [], dropped: [] },
    { type: 'AWS::SQS::Queue', count: 1, support: 'native', reconciled: [], dropped: [] },
  ]);
});

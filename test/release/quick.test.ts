import { unmarshall } from '@aws-sdk/util-dynamodb';
import { IMAGE_LABELS } from '../../lib/release/aws/image-labels';
import { quickRelease } from '../../lib/release/quick';
import { releaseRecord } from '../../lib/release/records/model';
import { DIGESTS, FakeAws, REGISTRY, revision } from './support/fake-aws';
import { digestOf, fakeImage, labelsOf } from './support/fake-image';

let aws: FakeAws;

beforeEach(async () => {
  aws = new FakeAws();
  await aws.start();
});
afterEach(() => aws.stop());

const records = () => aws.records.map((item) => releaseRecord.parse(unmarshall(item as never)));

const quick = (digest: string = DIGESTS.quick) =>
  quickRelease({
    clients: aws.clients,
    clock: aws.clock,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...{ stack: 'Test-App', environment: 'test', by: 'somebody on call', digest },
  });
const scanned = (counts: object, status = 'COMPLETE') => ({
  imageDigest: DIGESTS.quick,
  imageScanStatus: { status },
  imageScanFindingsSummary: { findingSeverityCounts: counts },
});

test('another image alone is the live task definition with that image, which tells its own version, through the same deployment', async () => {
  aws.images = [scanned({ HIGH: 2 })];
  const result = await quick();
  expect(result.outcome).toBe('succeeded');
  expect(aws.live).toBe(revision(3));
  const made = JSON.parse(aws.calls('RegisterTaskDefinition')[0]!.body) as Record<string, unknown>;
  expect(made).toMatchObject({
    family: 'telehealth-test-api',
    cpu: '256',
    tags: [{ key: 'Owner', value: 'platform' }],
    containerDefinitions: [
      {
        name: 'api',
        image: `${REGISTRY}/telehealth/api@${DIGESTS.quick}`,
        environment: [
          { name: 'PORT', value: '3000' },
          { name: 'VERSION', value: `0.2.0+${'c'.repeat(12)}` },
          { name: 'COMMIT', value: 'c'.repeat(40) },
        ],
      },
      { name: 'sidecar', image: 'other' },
    ],
  });
  for (const given of ['revision', 'status', 'compatibilities']) expect(made).not.toHaveProperty(given);
  expect(records().at(-1)).toMatchObject({
    ...{ kind: 'quick', digest: DIGESTS.quick, outcome: 'succeeded' },
    version: `0.2.0+${'c'.repeat(12)}`,
    commit: 'c'.repeat(40),
  });
  expect(aws.deployments[0]!.description).toContain(`quick of ${'c'.repeat(40)} by somebody on call`);
});

test('an image that is being released joins the deployment of the same image instead of registering it again', async () => {
  aws.define(3, '1'.repeat(40), DIGESTS.quick);
  aws.begin(revision(3));
  expect((await quick()).outcome).toBe('succeeded');
  expect(aws.calls('RegisterTaskDefinition')).toHaveLength(0);
});

test('an image that is live already is left alone', async () => {
  expect((await quick(DIGESTS.old)).outcome).toBe('already-live');
});

test.each([
  ['is not there', [], 'There is no image'],
  ['has critical findings', [scanned({ CRITICAL: 1 })], 'has 1 critical findings'],
  ['is being scanned', [scanned({}, 'IN_PROGRESS')], 'is not scanned (IN_PROGRESS)'],
  ['was never scanned', [{ imageDigest: DIGESTS.quick }], 'is not scanned (no status)'],
])('an image is refused when it %s', async (_what, images, words) => {
  aws.images = images;
  const result = await quick();
  expect(result.outcome).toBe('refused');
  expect(result.words).toContain(words);
  expect(aws.calls('CreateDeployment')).toHaveLength(0);
});

test('an image is refused when it is named by no digest', async () => {
  await expect(quick('latest')).rejects.toThrow('"latest" is no digest');
});

const { version: VERSION, commit: COMMIT } = IMAGE_LABELS;

test.each([
  ['has no labels', fakeImage(), [VERSION, COMMIT]],
  ['has empty ones', fakeImage({ [VERSION]: '', [COMMIT]: '' }), [VERSION, COMMIT]],
  ['lacks its commit', fakeImage({ [VERSION]: '1.0.0' }), [COMMIT]],
  ['names a commit that is none', fakeImage({ ...labelsOf('c'.repeat(40)), [COMMIT]: 'main' }), [COMMIT]],
  [
    'has a version longer than the name of a release',
    fakeImage({ ...labelsOf('c'.repeat(40)), [VERSION]: 'v'.repeat(41) }),
    [VERSION],
  ],
  [
    'has a version that no record takes',
    fakeImage({ ...labelsOf('c'.repeat(40)), [VERSION]: 'a b' }),
    [VERSION],
  ],
])('an image that %s is refused, and how to build one that does', async (_what, image, lacking) => {
  aws.pushed = image;
  aws.images = [scanned({})];
  const result = await quick(image.digest);
  expect(result.outcome).toBe('refused');
  expect(result.words).toMatch(/does not say what it is .*--build-arg VERSION=.*--build-arg COMMIT=/);
  for (const label of [VERSION, COMMIT])
    expect(result.words.includes(`${label}:`)).toBe(lacking.includes(label));
  expect(aws.calls('RegisterTaskDefinition')).toHaveLength(0);
});

test('a list of images is refused: tasks would run one that nobody has looked at', async () => {
  const manifest = JSON.stringify({ schemaVersion: 2, manifests: [] });
  aws.pushed = { ...fakeImage(), manifest };
  aws.images = [scanned({})];
  expect((await quick(digestOf(manifest))).words).toContain('is a list of images');
});

test.each([
  ['manifest', { manifest: fakeImage(labelsOf('d'.repeat(40))).manifest }],
  ['configuration', { configuration: fakeImage(labelsOf('d'.repeat(40))).configuration }],
])('a %s that is not the one of the digest is believed nothing', async (_what, other) => {
  aws.pushed = { ...aws.pushed, ...other };
  aws.images = [scanned({})];
  await expect(quick()).rejects.toThrow(/What ECR hands out as sha256:[0-9a-f]{64} is sha256:/);
  expect(aws.calls('RegisterTaskDefinition')).toHaveLength(0);
});

import { Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { accept } from '../../../lib/gate';
import { renderHtml } from '../../../lib/gate/formats/html';
import type { Report } from '../../../lib/gate/report/model';
import { inaccessible, TestBrowser } from '../../support/browser';
import { pagesOf } from '../../support/pdf';
import { cleanUp, evidenceOf, scratch } from '../evidence/support';
import { ACCEPTANCE, gatedApp, raw, stackIn } from '../support';
import { whole } from './support';

// axe-core looks at every element, which takes a busy machine its time.
jest.setTimeout(180_000);

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser.close();
  cleanUp();
});

/** Open findings in Prod, accepted ones in Dev, and a bucket of health data with a reader. */
function judged(): Report {
  const app = gatedApp();
  const data = stackIn(app, 'Staging');
  const key = new kms.Key(data, 'Key', { enableKeyRotation: true });
  const bucket = new s3.Bucket(data, 'Documents', { encryptionKey: key });
  Tags.of(bucket).add('DataClassification', 'PHI');
  bucket.grantRead(
    new iam.Role(data, 'Api', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }),
  );
  const queue = raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', {});
  accept(queue, 'TemplateSqsEncrypted', ACCEPTANCE);
  raw(stackIn(app, 'Prod'), 'Queue', 'AWS::SQS::Queue', {});
  return evidenceOf(app).report;
}

const report = judged();

function written(of: Report): string {
  const file = path.join(scratch(), 'report.html');
  fs.writeFileSync(file, whole(renderHtml(of)));
  return file;
}

const page = written(report);

/** The report with as many findings as asked for, each of its own resource. */
function withFindings(count: number): Report {
  const [first] = report.findings;
  if (!first) throw new Error('nothing was found');
  const findings = Array.from({ length: count }, (_, index) => ({
    ...first,
    id: `F-${index}`,
    resource: `Prod/Data/Queue${String(index).padStart(6, '0')}/Resource`,
  }));
  return { ...report, findings };
}

const rows = (of: Page, section: string): Promise<string[]> =>
  of.locator(`#${section} tbody tr:visible`).allInnerTexts();

test.each(['light', 'dark'] as const)('axe-core finds nothing in the %s page', async (colorScheme) => {
  await browser.visit(page, { colorScheme }, async (shown) => {
    for (const section of ['ledger', 'rules'])
      for (const index of [0, 1]) await shown.locator(`#${section} summary`).nth(index).click();
    expect(await inaccessible(shown)).toEqual([]);
  });
});

test('axe-core finds nothing on a narrow screen, and nothing but tables is wider than it', async () => {
  await browser.visit(page, { viewport: { width: 360, height: 640 } }, async (shown) => {
    expect(await inaccessible(shown)).toEqual([]);
    const wide = await shown.evaluate(`[...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > 360 && !one.parentElement.closest('.wide'))
      .map((one) => one.outerHTML.slice(0, 80))`);
    expect(wide).toEqual([]);
    expect(await shown.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

test('is light on light screens and dark on dark ones', async () => {
  const brightness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
    let sum = 0;
    await browser.visit(page, { colorScheme }, async (shown) => {
      const colour = await shown.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      sum = (colour.match(/\d+/g) ?? []).reduce((total, part) => total + Number(part), 0);
    });
    return sum;
  };
  expect(await brightness('light')).toBeGreaterThan(700);
  expect(await brightness('dark')).toBeLessThan(100);
});

test('the ledger is filtered by status and words, and the address keeps what was asked', async () => {
  await browser.visit(page, {}, async (shown) => {
    const count = shown.locator('#ledger-count');
    await expect(count.innerText()).resolves.toBe(
      `${report.controls.length} of ${report.controls.length} items`,
    );
    await shown.selectOption('#ledger [name=status]', 'not-met');
    const unmet = report.controls.filter(({ statuses }) =>
      Object.values(statuses).some(({ status }) => status === 'not-met'),
    );
    expect(unmet.length).toBeGreaterThan(0);
    await expect(count.innerText()).resolves.toBe(`${unmet.length} of ${report.controls.length} items`);
    expect(await rows(shown, 'ledger')).toHaveLength(unmet.length);
    await shown.fill('#ledger [name=search]', 'ENCRYPTION');
    await shown.waitForURL(/#ledger\?search=ENCRYPTION&status=not-met$/);
    // What an item holds is searched too while it is closed.
    const texts = await shown.locator('#ledger tbody tr:visible').allTextContents();
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => !text.toLowerCase().includes('encryption'))).toEqual([]);
  });
});

test('a link to a filter shows what it asks for', async () => {
  await browser.visit(page, { hash: '#findings?state=open&environment=Prod' }, async (shown) => {
    const asked = report.findings.filter(
      ({ state, environment }) => state === 'open' && environment === 'Prod',
    );
    const texts = await rows(shown, 'findings');
    expect(texts).toHaveLength(asked.length);
    for (const text of texts) expect(text).toMatch(/^open\t.*\tProd\t/);
    const { y = Infinity } = (await shown.locator('#findings').boundingBox()) ?? {};
    expect(Math.abs(y)).toBeLessThan(900);
  });
});

test('a number of the first page leads to the items it counts, and an item to its rules', async () => {
  await browser.visit(page, {}, async (shown) => {
    await shown.click('#executive a[href*="environment=Prod&status=not-met"]');
    await shown.waitForURL(/#ledger/);
    await shown.locator('#ledger tbody tr:visible summary').first().click();
    await shown.locator('#ledger details[open] ul a').first().click();
    const opened = shown.locator('#rules details[open]');
    await opened.waitFor();
    const found = Number(await opened.locator('a[href^="#findings"]').innerText());
    await opened.locator('a[href^="#findings"]').click();
    await shown.locator('#findings-count', { hasText: `${found} of` }).waitFor();
    expect(await rows(shown, 'findings')).toHaveLength(found);
  });
});

test('findings are searched, sorted and turned a page at a time', async () => {
  await browser.visit(written(withFindings(250)), {}, async (shown) => {
    const count = shown.locator('#findings-count');
    await expect(count.innerText()).resolves.toBe('250 of 250 findings, page 1 of 3');
    const resources = async (): Promise<(string | undefined)[]> =>
      (await rows(shown, 'findings')).map((text) => /Queue(\d+)/.exec(text)?.[1]);
    expect((await resources()).at(0)).toBe('000000');
    await shown.click('#findings th button:text("Resource")');
    await shown.click('#findings th button:text("Resource")');
    expect((await resources()).at(0)).toBe('000249');
    await expect(shown.getAttribute('#findings th:nth-child(4)', 'aria-sort')).resolves.toBe('descending');
    await shown.click('#after');
    expect((await resources()).at(0)).toBe('000149');
    await expect(shown.isDisabled('#after')).resolves.toBe(false);
    await shown.fill('#findings [name=search]', 'queue00001');
    await expect(count.innerText()).resolves.toBe('10 of 250 findings, page 1 of 1');
    expect(await resources()).toHaveLength(10);
    await expect(shown.isDisabled('#after')).resolves.toBe(true);
  });
});

test('the keyboard alone skips, opens, sorts and filters', async () => {
  await browser.visit(page, {}, async (shown) => {
    await shown.keyboard.press('Tab');
    await expect(shown.evaluate('document.activeElement.className')).resolves.toBe('skip');
    await shown.keyboard.press('Enter');
    await shown.waitForURL(/#executive$/);
    await shown.locator('#ledger summary').first().focus();
    await shown.keyboard.press('Enter');
    await expect(shown.locator('#ledger details[open]').count()).resolves.toBe(1);
    await shown.locator('#findings th button').nth(1).focus();
    await shown.keyboard.press('Space');
    await expect(shown.getAttribute('#findings th:nth-child(2)', 'aria-sort')).resolves.toBe('ascending');
    await shown.locator('#findings [name=environment]').focus();
    await shown.keyboard.type('Prod');
    for (const text of await rows(shown, 'findings')) expect(text).toContain('\tProd\t');
  });
});

test('prints whole: every item, what each rests on, and the limits', async () => {
  const file = path.join(scratch(), 'report.pdf');
  await browser.visit(page, {}, async (shown) => {
    await shown.pdf({ path: file, preferCSSPageSize: true });
  });
  const pages = await pagesOf(file);
  expect(pages.length).toBeGreaterThan(5);
  // Letters that are set as one sign, and breaks of lines, are as the page is set.
  const squeezed = (one: string): string => one.normalize('NFKC').replace(/\s/g, '');
  const text = squeezed(pages.join(''));
  const promised = [
    ...report.controls.flatMap(({ citation, evidence }) => [citation, evidence]),
    ...report.rules.map(({ rationale }) => rationale),
    ...report.limits,
  ];
  expect(promised.filter((one) => !text.includes(squeezed(one)))).toEqual([]);
  expect(text).not.toContain('Nextpage');
});

test('prints the findings that the screen shows a page at a time, and of very many says where they are', async () => {
  const printed = async (count: number, look: (shown: Page) => Promise<void>): Promise<void> =>
    browser.visit(written(withFindings(count)), {}, async (shown) => {
      await shown.click('#after');
      const second = await rows(shown, 'findings');
      await shown.evaluate("dispatchEvent(new Event('beforeprint'))");
      await look(shown);
      await shown.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await rows(shown, 'findings')).toEqual(second);
    });
  const count = (shown: Page): Promise<string> => shown.innerText('#findings-count');
  await printed(150, async (shown) => {
    expect(await count(shown)).toBe('150 of 150 findings, page 1 of 1');
    expect((await rows(shown, 'findings')).at(-1)).toContain('Queue000149');
  });
  await printed(2001, async (shown) => {
    expect(await count(shown)).toBe('2001 of 2001 findings, page 1 of 2; all of them are in findings.csv');
    await expect(shown.locator('#findings tbody tr').count()).resolves.toBe(2000);
  });
});

test('on paper no table is wider than the sheet', async () => {
  // A4 across less its margins, in CSS pixels.
  await browser.visit(page, { viewport: { width: 1032, height: 703 } }, async (shown) => {
    await shown.emulateMedia({ media: 'print' });
    await expect(shown.evaluate('document.documentElement.scrollWidth')).resolves.toBe(1032);
  });
});

test('the map of health data tells who reads, by which key, and what goes in the clear', async () => {
  await browser.visit(page, { hash: '#phi' }, async (shown) => {
    const stores = await rows(shown, 'phi');
    expect(stores.filter((text) => text.startsWith('Staging'))).toEqual([
      expect.stringMatching(
        /Documents[^]*PHI\t[^]*Key: Data\/Key\/Resource, rotation: every year[^]*Backup: none[^]*Data\/Api\/Resource: reads it/,
      ),
    ]);
    expect(await rows(shown, 'phi-keys')).toEqual([
      expect.stringContaining('Data/Api/Resource: kms:Decrypt'),
    ]);
    expect((await rows(shown, 'phi-flows')).join()).toMatch(/NO\tcallers\tData\/Documents/);
    expect((await rows(shown, 'services')).join()).toContain('Amazon S3\teligible');
    expect((await rows(shown, 'phi-columns')).length).toBeGreaterThan(20);
  });
});

test('what a finding says is shown as it is and never run', async () => {
  const [first] = report.findings;
  if (!first) throw new Error('nothing was found');
  const hostile = '<img src=x onerror="throw 1"></td><script>throw 2</script>';
  await browser.visit(
    written({ ...report, findings: [{ ...first, detail: hostile }] }),
    {},
    async (shown) => {
      expect((await rows(shown, 'findings')).join()).toContain(hostile);
    },
  );
});

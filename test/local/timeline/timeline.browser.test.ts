import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { renderTimeline } from '../../../lib/local/timeline/page';
import { inaccessible, TestBrowser } from '../../support/browser';
import { timeline } from './support';

// axe-core looks at every element, which takes a busy machine its time.
jest.setTimeout(180_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'timeline-'));
const file = path.join(folder, 'timeline.html');
let browser: TestBrowser;
beforeAll(async () => {
  fs.writeFileSync(file, renderTimeline(timeline));
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser.close();
  fs.rmSync(folder, { recursive: true });
});

test.each(['light', 'dark'] as const)('axe-core finds nothing in the %s page', async (colorScheme) => {
  await browser.visit(file, { colorScheme }, async (page) => {
    expect(await inaccessible(page)).toEqual([]);
  });
});

test('bars and curves are drawn inside their lanes, and the verdict is read first', async () => {
  await browser.visit(file, {}, async (page) => {
    expect(await page.locator('h1').innerText()).toBe('Rehearsal');
    const text = await page.locator('body').innerText();
    expect(text).toContain('Failed: the <script>alert(1)</script> & "rest".');
    const lanes = await page.locator('.lane').all();
    expect(lanes).toHaveLength(2);
    for (const lane of lanes) {
      const label = await lane.locator('.label').boundingBox();
      const bar = await lane.locator('.bar').boundingBox();
      expect(bar?.width).toBeGreaterThan(10);
      // Below the lane's name, which would hide a bar at the beginning.
      expect(bar?.y).toBeGreaterThanOrEqual((label?.y ?? Infinity) + (label?.height ?? 0) - 1);
    }
    const charts = await page.locator('svg.chart').all();
    expect(charts.length).toBeGreaterThan(0);
    for (const chart of charts) expect((await chart.boundingBox())?.height).toBeGreaterThan(20);
  });
});

test('nothing is wider than a narrow screen but what scrolls by itself', async () => {
  await browser.visit(file, { viewport: { width: 360, height: 640 } }, async (page) => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type LaunchOptions, type Page } from 'playwright-core';
import { devDependencies } from '../../package.json';

const ROOT = path.resolve(__dirname, '../..');

/** Chromium as the npm package brings it, unpacked once into the repository's cache. */
function packaged(): LaunchOptions {
  const folder = path.join(ROOT, '.cache', `chromium-${devDependencies['@sparticuz/chromium']}`);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    // Renamed when whole: another run never starts half a browser.
    const half = fs.mkdtempSync(`${folder}-`);
    execFileSync(process.execPath, [path.join(__dirname, 'unpack-chromium.mjs')], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: half, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    });
    if (fs.existsSync(folder)) fs.rmSync(half, { recursive: true });
    else fs.renameSync(half, folder);
  }
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: path.join(folder, 'fonts', 'fonts.conf'),
    },
  };
}

/** How a page is looked at. */
export interface View {
  readonly colorScheme?: 'light' | 'dark';
  /** Size of the window in CSS pixels; 1280 by 900 without it. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** What follows the file in its address, for example `#findings?rule=X`. */
  readonly hash?: string;
}

/** A real Chromium without a network. */
export class TestBrowser {
  private constructor(private readonly browser: Browser) {}

  /** Starts the browser of the npm package; on other machines than Linux on x64 the Chrome that is installed. */
  static async start(): Promise<TestBrowser> {
    const linux = process.platform === 'linux' && process.arch === 'x64';
    return new TestBrowser(await chromium.launch(linux ? packaged() : { channel: 'chrome' }));
  }

  /**
   * Opens a file of this machine and looks at it.
   * @throws Error when the page wrote a warning or an error, threw, or asked for anything but itself
   */
  async visit(file: string, view: View, look: (page: Page) => Promise<void>): Promise<void> {
    const { hash = '', viewport = { width: 1280, height: 900 }, colorScheme = 'light' } = view;
    const address = pathToFileURL(file).href;
    const context = await this.browser.newContext({ viewport, colorScheme, offline: true });
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== address) complaints.push(`asked for: ${request.url()}`);
      });
      await page.goto(`${address}${hash}`);
      await look(page);
    } finally {
      await context.close();
    }
    if (complaints.length > 0) throw new Error(`${path.basename(file)}:\n${complaints.join('\n')}`);
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** What axe-core finds wrong with a page as it stands: the rule, and the elements. */
export async function inaccessible(page: Page): Promise<readonly string[]> {
  // Evaluated rather than added as an element, which the page's policy would refuse.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id} (${help}): ${target.join(' ')}`),
  );
}

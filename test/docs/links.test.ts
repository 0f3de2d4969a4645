import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** Every Markdown file of the repository, those that are not committed yet too. */
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((name) => name !== '' && fs.existsSync(path.join(ROOT, name)));

/** The relative targets of a page's links, without what follows a `#`. */
function targets(page: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8').replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => target.split('#')[0] ?? '');
}

test('there are pages, and links in them', () => {
  expect(pages).toContain('CONTRIBUTING.md');
  expect(targets('CONTRIBUTING.md')).toContain('docs/how-to/bootstrap.md');
});

test.each(pages)('every relative link of %s leads somewhere', (page) => {
  const broken = targets(page).filter(
    (target) => !fs.existsSync(path.resolve(ROOT, path.dirname(page), target)),
  );
  expect(broken).toEqual([]);
});

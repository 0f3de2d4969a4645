import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { discard } from '../../lib/local/discard';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'discard-'));
const [folder, trash] = [path.join(root, 'folder'), path.join(root, 'trash')];

/** Waits until nothing is left in the trash. */
async function emptied(): Promise<void> {
  while (fs.readdirSync(trash).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

beforeEach(() => fs.mkdirSync(path.join(folder, 'deep'), { recursive: true }));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

test('the name is free at once, and what stood there is deleted in the end', async () => {
  fs.writeFileSync(path.join(folder, 'deep', 'file'), 'old');
  discard(folder, trash);
  expect(fs.existsSync(folder)).toBe(false);
  await emptied();
});

test('what an earlier call left is deleted as well; what is not there is no error', async () => {
  fs.mkdirSync(path.join(trash, 'left', 'deep'), { recursive: true });
  discard(path.join(root, 'nothing'), trash);
  await emptied();
  expect(fs.existsSync(folder)).toBe(true);
});

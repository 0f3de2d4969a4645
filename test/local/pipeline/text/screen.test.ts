import type { ActionRecord } from '../../../../lib/local/pipeline/play/recorder';
import { board } from '../../../../lib/local/pipeline/text/board';
import { Screen, type Terminal } from '../../../../lib/local/pipeline/text/screen';

/** A terminal that keeps what a person would see. */
class Window implements Terminal {
  readonly columns = 20;
  readonly rows = 6;
  readonly seen: string[] = [];

  write(text: string | Uint8Array): boolean {
    this.seen.push(String(text).replace(/\n$/, ''));
    return true;
  }

  moveCursor(_dx: number, dy: number): boolean {
    this.seen.length += dy;
    return true;
  }

  clearScreenDown(): boolean {
    return true;
  }
}

const action = (
  stage: string,
  name: string,
  status: ActionRecord['status'],
  startedAt: number,
): ActionRecord => ({
  ...{ execution: 'one', stage, action: name, provider: 'CodeBuild', log: '', startedAt, status },
  ...(status === 'InProgress' ? {} : { endedAt: startedAt + 2_000 }),
});

const stages = [
  { name: 'Build', actions: ['Synth'] },
  { name: 'Staging', actions: ['Prepare', 'Deploy'] },
  { name: 'Prod', actions: ['Approve'] },
];

test('the board shows every stage, and the actions that run with the time they have taken', () => {
  const lines = board(
    {
      executions: [{ id: 'one', stages, startedAt: 0, status: 'InProgress' }],
      actions: [
        action('Build', 'Synth', 'Succeeded', 0),
        action('Staging', 'Prepare', 'Succeeded', 2_000),
        action('Staging', 'Deploy', 'InProgress', 4_000),
      ],
    },
    9_000,
  );
  expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'execution one InProgress 9 s',
    '✓ Build 1/1',
    '▶ Staging 1/2',
    ' Deploy 5 s',
    '· Prod 0/1',
  ]);
});

test('the board marks the stage that failed, and shows nothing before the first execution', () => {
  const failed = board(
    {
      executions: [{ id: 'one', stages, startedAt: 0, endedAt: 2_000, status: 'Failed' }],
      actions: [action('Build', 'Synth', 'Failed', 0)],
    },
    9_000,
  );
  expect(failed[0]).toMatch(/Failed +2 s$/);
  expect(failed[1]).toMatch(/^✗ Build .*0\/1$/);
  expect(board({ executions: [], actions: [] }, 0)).toEqual([]);
});

describe('a screen', () => {
  const window = new Window();
  const screen = new Screen(window);
  afterAll(() => screen.rest());

  test('lets lines scroll by above the picture, which fits the window', () => {
    screen.line('before');
    screen.show(() => ['a line that is longer than the window', '2', '3', '4', '5']);
    screen.line('after');
    expect(window.seen).toEqual(['before', 'after', 'a line that is long', '2', '3', '4']);
  });

  test('takes the picture away while somebody is asked, and shows it again', () => {
    screen.rest();
    expect(window.seen).toEqual(['before', 'after']);
    screen.line('Approve?');
    expect(window.seen).toEqual(['before', 'after', 'Approve?']);
    screen.show();
    expect(window.seen.at(-1)).toBe('4');
  });
});

import { measureHandlers } from './handler-cost';
import { printTable } from './measure';

/** Prints the size of each handler's bundle and what importing it costs above the start of Node. */
export async function benchHandlers(): Promise<void> {
  printTable(
    ['handler', 'KiB', 'of 1 MiB', 'import ms', 'of 150 ms'],
    (await measureHandlers()).map(({ name, bytes, importMs }) => [
      name,
      (bytes / 1024).toFixed(0),
      (bytes / 2 ** 20).toFixed(2),
      importMs.toFixed(0),
      (importMs / 150).toFixed(2),
    ]),
  );
}

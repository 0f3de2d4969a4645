import * as fs from 'node:fs';
import * as path from 'node:path';
import { bundleHandlers, handlerBundle } from '../../lib/shared/handler-code';
import { printTable, root, secondsOf } from './measure';

/** Prints the size of each handler's bundle and what importing it costs above an empty Node process. */
export function benchHandlers(): void {
  bundleHandlers();
  const names = fs
    .readdirSync(path.join(root, 'lambda'), { withFileTypes: true })
    .filter((entry) => fs.existsSync(path.join(root, 'lambda', entry.name, 'handler.ts')))
    .map(({ name }) => name);
  const empty = secondsOf(['-e', ''], 7);
  printTable(
    ['handler', 'KiB', 'of 1 MiB', 'import ms', 'of 150 ms'],
    names.map((name) => {
      const file = path.join(handlerBundle(name), 'index.js');
      const { size } = fs.statSync(file);
      // A handler refuses to load without its environment; what is measured is reading and running the module's code.
      const seconds =
        secondsOf(
          ['-e', `try{require(${JSON.stringify(file)})}catch(e){if(e.name!=="EnvironmentError")throw e}`],
          7,
        ) - empty;
      return [
        name,
        (size / 1024).toFixed(0),
        (size / 2 ** 20).toFixed(2),
        (seconds * 1000).toFixed(0),
        (seconds / 0.15).toFixed(2),
      ];
    }),
  );
}

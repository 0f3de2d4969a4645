import { findBridge } from '../../../lib/local/bridge/registry';
import { coverage } from '../../../lib/local/localise';
import { TYPES } from '../../../lib/local/localise/types';
import { platformFolder } from '../../support/platform';

test('every resource type of the platform and its pipeline is classed', () => {
  const rows = coverage(platformFolder());
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter(({ support }) => support === 'unclassed').map(({ type }) => type)).toEqual([]);
});

test.each(Object.entries(TYPES))(
  '%s has the bridge that its class promises',
  (type, { support, reconciled }) => {
    const needed = [
      ...(support === 'bridged' ? [type] : []),
      ...(reconciled ? [`reconcile:${type}`] : []),
      ...(support === 'template-only' ? ['inert'] : []),
    ];
    for (const name of needed) expect(findBridge(name).create).toBeInstanceOf(Function);
  },
);

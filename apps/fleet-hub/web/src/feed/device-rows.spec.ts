import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceKey } from '../fleet/health.js';
import { rowOf } from '../testing/row-of.js';
import { createDeviceRows, mostDevices } from './device-rows.js';

const row = fc
  .record({ site: fc.constantFrom('a', 'b', 'c'), device: fc.constantFrom('1', '2', '3', '4'), backlog: fc.nat(9) })
  .map(rowOf);

describe('createDeviceRows', () => {
  it('holds the last word on each device, in the order of names, whatever order the changes came in', () => {
    fc.assert(
      fc.property(fc.array(fc.array(row)), (changes) => {
        const rows = createDeviceRows();
        const last = new Map<string, number | null>();
        for (const change of changes) {
          rows.merge(change);
          for (const each of change) last.set(deviceKey(each), each.backlog);
        }
        expect(rows.rows().map((each) => [deviceKey(each), each.backlog])).toEqual(
          [...last].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
        for (const each of rows.rows()) expect(rows.get(each.site, each.device)).toBe(each);
      }),
    );
  });

  it('gives a new array after a change and the same one without', () => {
    const rows = createDeviceRows();
    rows.replace([rowOf({ site: 'a', device: '1' })]);
    const before = rows.rows();
    expect(rows.merge([])).toBe(false);
    expect(rows.rows()).toBe(before);
    expect(rows.merge([rowOf({ site: 'a', device: '1', health: 'alarm' })])).toBe(true);
    expect(rows.rows()).not.toBe(before);
  });

  it('is bounded', () => {
    const rows = createDeviceRows();
    rows.merge(Array.from({ length: mostDevices + 5 }, (_, n) => rowOf({ site: 's', device: `d${n}` })));
    expect(rows.rows()).toHaveLength(mostDevices);
  });
});

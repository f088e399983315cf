import { describe, expect, it } from 'vitest';
import { rowOf } from '../testing/row-of.js';
import { filterDevices, toggled } from './device-filter.js';
import { sortDevices } from './device-sort.js';

const rows = [
  rowOf({ device: 'a', health: 'alarm', reason: 'disk full', backlog: 5 }),
  rowOf({ device: 'b', backlog: null }),
  rowOf({ site: 'oslo', device: 'c', health: 'offline', backlog: 5 }),
];
const none = { search: '', site: null, health: [] };
const names = (list: readonly { device: string }[]) => list.map(({ device }) => device).join('');

describe('filterDevices', () => {
  it('gives the same list without a filter', () => {
    expect(filterDevices(rows, none)).toBe(rows);
  });

  it('wants every word somewhere, whatever the case', () => {
    expect(names(filterDevices(rows, { ...none, search: ' DISK berlin ' }))).toBe('a');
    expect(names(filterDevices(rows, { ...none, search: 'oslo/c' }))).toBe('c');
    expect(names(filterDevices(rows, { ...none, search: 'disk oslo' }))).toBe('');
  });

  it('takes site and any of the healths together', () => {
    expect(names(filterDevices(rows, { ...none, health: ['alarm', 'offline'] }))).toBe('ac');
    expect(names(filterDevices(rows, { ...none, site: 'berlin', health: ['alarm', 'offline'] }))).toBe('a');
  });

  it('toggles a health', () => {
    expect(toggled(['ok'], 'alarm')).toEqual(['ok', 'alarm']);
    expect(toggled(['ok', 'alarm'], 'ok')).toEqual(['alarm']);
  });
});

describe('sortDevices', () => {
  it('keeps the order of names among equals, in both directions, and does not touch its input', () => {
    expect(names(sortDevices(rows, { key: 'backlog', descending: true }))).toBe('acb');
    expect(names(sortDevices(rows, { key: 'backlog', descending: false }))).toBe('bac');
    expect(names(sortDevices(rows, { key: 'health', descending: false }))).toBe('acb');
    expect(names(rows)).toBe('abc');
  });
});

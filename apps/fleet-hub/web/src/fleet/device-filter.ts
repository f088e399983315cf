import type { DeviceRowView } from '@edge-blueprints/contracts';
import type { DeviceHealth } from './health.js';

export interface DeviceFilter {
  /** Words that must all occur in site, device, reason, app, bundle version or target. */
  readonly search: string;
  readonly site: string | null;
  /** Empty for all. */
  readonly health: readonly DeviceHealth[];
}

export function isEmptyFilter(filter: DeviceFilter): boolean {
  return filter.search.trim() === '' && filter.site === null && filter.health.length === 0;
}

export function filterDevices(rows: readonly DeviceRowView[], filter: DeviceFilter): readonly DeviceRowView[] {
  if (isEmptyFilter(filter)) return rows;
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (filter.site === null || row.site === filter.site) &&
      (filter.health.length === 0 || filter.health.includes(row.health)) &&
      (words.length === 0 || matches(row, words)),
  );
}

function matches(row: DeviceRowView, words: readonly string[]): boolean {
  const text = `${row.site}/${row.device} ${row.reason} ${row.app} ${row.bundleVersion} ${row.target}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function toggled(health: readonly DeviceHealth[], one: DeviceHealth): readonly DeviceHealth[] {
  return health.includes(one) ? health.filter((each) => each !== one) : [...health, one];
}

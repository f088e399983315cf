import type { ReleaseMetric, RetailRelease } from '@edge-blueprints/contracts';
import { releaseRows, type ReleaseRow } from './release-rows.js';

const columns: readonly (readonly [string, (row: ReleaseRow) => string | number | boolean | null])[] = [
  ['window_from_utc', (r) => r.windowFrom],
  ['window_to_utc', (r) => r.windowTo],
  ['store', (r) => r.store],
  ['key', (r) => r.key],
  ['value', (r) => r.value],
  ['unit', (r) => r.unit],
  ['plus_minus_95', (r) => r.plusMinus95],
  ['suppressed_below', (r) => r.suppressedBelow],
  ['rounded_to', (r) => r.roundedTo],
  ['coverage_share', (r) => r.coverage],
  ['quality', (r) => r.quality],
  ['quality_reasons', (r) => r.qualityReasons],
  ['plan_revision', (r) => r.planRevision],
  ['epsilon', (r) => r.epsilon],
  ['sensitivity', (r) => r.sensitivity],
  ['tracks_per_person', (r) => r.tracksPerPerson],
  ['simulated', (r) => r.simulated],
  ['ledger_entry', (r) => r.ledgerEntry],
];

/** RFC 4180 with a header line; an empty value is a suppressed one. Text that a spreadsheet would run gets an apostrophe. */
export function releaseCsv(releases: readonly RetailRelease[], metric: ReleaseMetric): string {
  const lines = [
    columns.map(([name]) => name),
    ...releaseRows(releases, metric).map((row) => columns.map(([, of]) => csvField(of(row)))),
  ];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}

/** @returns the field, quoted where it must be; numbers are written as they are */
export function csvField(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

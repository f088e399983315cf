import type { ReleaseMetric, RetailRelease } from '@edge-blueprints/contracts';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { releaseRows } from './release-rows.js';

/** The rows of the CSV as an Apache Parquet file (Snappy); times are UTC milliseconds, null is a suppressed value. */
export function releaseParquet(releases: readonly RetailRelease[], metric: ReleaseMetric): Uint8Array {
  const rows = releaseRows(releases, metric);
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'window_from', type: 'TIMESTAMP', nullable: false, data: rows.map((r) => new Date(r.windowFrom)) },
      { name: 'window_to', type: 'TIMESTAMP', nullable: false, data: rows.map((r) => new Date(r.windowTo)) },
      { name: 'store', type: 'STRING', nullable: false, data: rows.map((r) => r.store) },
      { name: 'key', type: 'STRING', nullable: false, data: rows.map((r) => r.key) },
      { name: 'value', type: 'INT32', nullable: true, data: rows.map((r) => r.value) },
      { name: 'unit', type: 'STRING', nullable: false, data: rows.map((r) => r.unit) },
      { name: 'plus_minus_95', type: 'INT32', nullable: true, data: rows.map((r) => r.plusMinus95) },
      { name: 'suppressed_below', type: 'INT32', nullable: false, data: rows.map((r) => r.suppressedBelow) },
      { name: 'rounded_to', type: 'INT32', nullable: false, data: rows.map((r) => r.roundedTo) },
      { name: 'coverage_share', type: 'DOUBLE', nullable: false, data: rows.map((r) => r.coverage) },
      { name: 'quality', type: 'STRING', nullable: false, data: rows.map((r) => r.quality) },
      { name: 'quality_reasons', type: 'STRING', nullable: false, data: rows.map((r) => r.qualityReasons) },
      { name: 'plan_revision', type: 'INT32', nullable: false, data: rows.map((r) => r.planRevision) },
      { name: 'epsilon', type: 'DOUBLE', nullable: false, data: rows.map((r) => r.epsilon) },
      { name: 'sensitivity', type: 'INT32', nullable: false, data: rows.map((r) => r.sensitivity) },
      { name: 'tracks_per_person', type: 'DOUBLE', nullable: false, data: rows.map((r) => r.tracksPerPerson) },
      { name: 'simulated', type: 'BOOLEAN', nullable: false, data: rows.map((r) => r.simulated) },
      { name: 'ledger_entry', type: 'INT32', nullable: false, data: rows.map((r) => r.ledgerEntry) },
    ],
    kvMetadata: [{ key: 'edge-blueprints', value: `edge-retail-release/1 ${metric}` }],
    createdBy: 'edge-blueprints retail-analytics',
  });
  return new Uint8Array(bytes);
}

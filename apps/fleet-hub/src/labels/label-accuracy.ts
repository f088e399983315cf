import type { LabelAccuracyView } from '@edge-blueprints/contracts';
import { estimateAccuracy } from '@edge-blueprints/drift';
import { z } from 'zod';
import type { SqlStore } from '../store/sql-store.js';

/** The newest labels that count; older parts say little about the process of today. */
const maxLabels = 20_000;

const labelRows = z.array(
  z.object({
    truth: z.enum(['good', 'bad']),
    verdict: z.enum(['pass', 'reject']),
    probability: z.number().gt(0).max(1),
  }),
);
const estimateRow = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/**
 * Accuracy of one bundle version by its labels, weighted by how probable it was that each part was drawn, beside the estimate
 * without labels of the devices that run it. That one is weighted by parts; its interval is the weighted mean of theirs, which
 * holds even where all devices err together.
 * @param bundleVersion undefined for the one that was labelled last
 */
export async function readLabelAccuracy(
  store: SqlStore,
  bundleVersion: string | undefined,
): Promise<LabelAccuracyView> {
  const version = bundleVersion ?? (await lastLabelled(store)) ?? '';
  const { rows } = await store.query(
    `SELECT truth, candidate->>'verdict' AS verdict, (candidate->>'inclusionProbability')::float8 AS probability
     FROM label_task WHERE bundle_version = $1 AND truth IS NOT NULL ORDER BY id DESC LIMIT $2`,
    [version, maxLabels],
  );
  const measured = estimateAccuracy(
    labelRows.parse(rows).map(({ truth, verdict, probability }) => ({
      truth,
      verdict,
      inclusionProbability: probability,
    })),
  );
  const { labelled, accuracy, escapeShare, falseRejectShare } = measured;
  return {
    bundleVersion: version,
    labelled,
    accuracy,
    escapeShare,
    falseRejectShare,
    estimated: await estimated(store, version),
  };
}

async function lastLabelled(store: SqlStore): Promise<string | undefined> {
  const { rows } = await store.query(
    'SELECT bundle_version AS version FROM label_task WHERE truth IS NOT NULL ORDER BY labelled_at DESC LIMIT 1',
  );
  return z.object({ version: z.string() }).optional().parse(rows[0])?.version;
}

async function estimated(store: SqlStore, version: string): Promise<LabelAccuracyView['estimated']> {
  const { rows } = await store.query(
    `SELECT sum(n * value) / sum(n) AS value, sum(n * low) / sum(n) AS low, sum(n * high) / sum(n) AS high
     FROM (SELECT (e->>'samples')::float8 AS n, (e->>'value')::float8 AS value, (e->>'low')::float8 AS low, (e->>'high')::float8 AS high
       FROM drift_report, LATERAL (SELECT report->'estimatedAccuracy' AS e) x
       WHERE report->>'bundleVersion' = $1 AND jsonb_typeof(report->'estimatedAccuracy') = 'object') parts WHERE n > 0`,
    [version],
  );
  const { value, low, high } = estimateRow.parse(rows[0]);
  return value === null || low === null || high === null ? null : { value, low, high };
}

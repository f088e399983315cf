import type { PartRecord, PartSummary } from '@edge-blueprints/contracts';

/** The row of the strip for a record. */
export function partSummary(record: PartRecord): PartSummary {
  return {
    resultId: record.resultId,
    partSeq: record.partSeq,
    partId: record.partId,
    verdict: record.verdict,
    reason: record.reason,
    at: record.capturedAt,
    captureToActMs: record.timings.captureToActMs,
    overruled: record.overrule !== undefined,
  };
}

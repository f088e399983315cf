import type { FleetEventData, PartRecord } from '@edge-blueprints/contracts';

/** What the hub learns of a part: the verdict and its times, no picture and no box. */
export function partInspected(
  record: PartRecord,
  abstained: boolean,
): FleetEventData<'edge-blueprints.part-inspected.v1'> {
  const { resultId, partId, productId, verdict, reason, reasonCode, timings, model } = record;
  return {
    resultId,
    partId: partId === '' ? 'untracked' : partId,
    productId: productId === '' ? 'unknown' : productId,
    verdict,
    reason: reason.slice(0, 500),
    reasonCode,
    abstained,
    scores: highestScores(record),
    captureToActMs: timings.captureToActMs,
    modelRunMs: timings.runMs,
    bundleVersion: `${model.bundle} ${model.version}`,
    variant: model.variant,
    provider: model.provider,
  };
}

/** An operator's word against a verdict. @returns undefined for a record that nobody overruled */
export function partOverruled(record: PartRecord): FleetEventData<'edge-blueprints.part-overruled.v1'> | undefined {
  if (record.overrule === undefined) return undefined;
  const { verdict, reason, by } = record.overrule;
  return { resultId: record.resultId, verdict, reason, by };
}

function highestScores(record: PartRecord): Readonly<Record<string, number>> {
  const highest: Record<string, number> = {};
  for (const { label, score } of record.detections) highest[label] = Math.max(highest[label] ?? 0, score);
  return highest;
}

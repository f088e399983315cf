import type { PartRecord } from '@edge-blueprints/contracts';
import { createLatencyHistogram, wilsonInterval, type LatencySnapshot, type Share } from '@edge-blueprints/pipeline';
import { z } from 'zod';

const boxSchema = z.object({ xMin: z.number(), yMin: z.number(), xMax: z.number(), yMax: z.number() });

/** What the line knows of a part that left the belt: the truth, and the bin it fell into. */
export const linePartSchema = z.looseObject({
  event: z.literal('part'),
  partId: z.string(),
  capturedAtMs: z.number(),
  truth: z.array(z.looseObject({ label: z.string(), box: boxSchema })).nullable(),
  bin: z.enum(['accept', 'reject']),
});

/** What the PLC knows of a part: the verdict in its process image, and when it stood there. */
export const plcPartSchema = z.looseObject({
  event: z.literal('part'),
  partId: z.string(),
  verdict: z.enum(['pass', 'reject', 'review', 'error', 'none']),
  coilAtMs: z.number().nullable(),
  late: z.boolean(),
  fault: z.string().nullable(),
});

export type LinePart = z.infer<typeof linePartSchema>;
export type PlcPart = z.infer<typeof plcPartSchema>;

export interface Judged {
  readonly presented: number;
  readonly good: number;
  readonly bad: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Bad parts in the accept bin, as a share of the bad ones. */
  readonly escapes: Share & { readonly count: number; readonly of: number };
  /** Escapes where the model itself found nothing. The others would be faults of the system, and must be 0. */
  readonly escapesModelMissed: number;
  readonly escapesOfTheSystem: number;
  /** Good parts in the reject bin, as a share of the good ones. */
  readonly falseRejects: Share & { readonly count: number; readonly of: number };
  /** False rejects that the model asked for; the others came from faults and missing verdicts. */
  readonly falseRejectsByModel: number;
  readonly withoutTruth: number;
  readonly noVerdict: number;
  readonly late: number;
  readonly plcFaults: Readonly<Record<string, number>>;
  readonly captureToCoil: LatencySnapshot;
}

/** Joins line, PLC and station by part. Bounded: keeps one small entry a part, at most `maxParts`. */
export function createRunLedger(maxParts = 200_000) {
  const line = new Map<string, LinePart>();
  const plc = new Map<string, PlcPart>();
  let dropped = 0;
  const keep = <T extends { readonly partId: string }>(map: Map<string, T>, part: T): void => {
    if (map.size >= maxParts && !map.has(part.partId)) dropped += 1;
    else map.set(part.partId, part);
  };
  return {
    line: (part: LinePart): void => keep(line, part),
    plc: (part: PlcPart): void => keep(plc, part),
    presented: (): number => line.size,
    parts: (): ReadonlyMap<string, LinePart> => line,
    dropped: (): number => dropped,
    /** @param records the station's records by part id; a golden part (`G-`) is no production part and is left out */
    judge(records: ReadonlyMap<string, PartRecord>): Judged {
      const coil = createLatencyHistogram();
      const plcFaults: Record<string, number> = {};
      const tally = {
        good: 0,
        bad: 0,
        accepted: 0,
        escapes: 0,
        missed: 0,
        falseRejects: 0,
        byModel: 0,
        withoutTruth: 0,
        none: 0,
        late: 0,
      };
      const production = [...line.values()].filter((part) => !part.partId.startsWith('G-'));
      for (const part of production) {
        const seen = plc.get(part.partId);
        const verdict = records.get(part.partId)?.verdict;
        if (part.bin === 'accept') tally.accepted += 1;
        if (!seen || seen.verdict === 'none') tally.none += 1;
        if (seen?.late) tally.late += 1;
        if (seen?.fault) plcFaults[seen.fault] = (plcFaults[seen.fault] ?? 0) + 1;
        if (seen?.coilAtMs != null) coil.record(seen.coilAtMs - part.capturedAtMs);
        if (part.truth === null) {
          tally.withoutTruth += 1;
        } else if (part.truth.length > 0) {
          tally.bad += 1;
          if (part.bin === 'accept') {
            tally.escapes += 1;
            if (verdict === 'pass') tally.missed += 1;
          }
        } else {
          tally.good += 1;
          if (part.bin === 'reject') {
            tally.falseRejects += 1;
            if (verdict === 'reject') tally.byModel += 1;
          }
        }
      }
      return {
        presented: production.length,
        good: tally.good,
        bad: tally.bad,
        accepted: tally.accepted,
        rejected: production.length - tally.accepted,
        escapes: { count: tally.escapes, of: tally.bad, ...wilsonInterval(tally.escapes, tally.bad) },
        escapesModelMissed: tally.missed,
        escapesOfTheSystem: tally.escapes - tally.missed,
        falseRejects: { count: tally.falseRejects, of: tally.good, ...wilsonInterval(tally.falseRejects, tally.good) },
        falseRejectsByModel: tally.byModel,
        withoutTruth: tally.withoutTruth,
        noVerdict: tally.none,
        late: tally.late,
        plcFaults,
        captureToCoil: coil.snapshot(),
      };
    },
  };
}

export type RunLedger = ReturnType<typeof createRunLedger>;

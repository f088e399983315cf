import type { VitalSignal, VitalSummary, WardStay } from '@edge-blueprints/clinical-io';
import type { MissingReason, SampleStatus } from '@edge-blueprints/contracts';
import type { WardEvent } from '../ingest/ward-event.js';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';
import { judgeQuality, type QualitySettings } from '../signals/judge-quality.js';

type VitalEvent = Extract<WardEvent, { kind: 'vital' }>;
/** Times are of the journal. */
export type MinuteSummary = VitalSummary;

export interface MinuteSummaries {
  take(event: VitalEvent, stay: WardStay): void;
  /** Summaries whose minute is over and for which nothing has come for the time of grace. */
  due(nowMs: number): readonly MinuteSummary[];
  /** All that are open, as far as they are. */
  rest(nowMs: number): readonly MinuteSummary[];
  readonly open: number;
}

export interface MinuteSummaryOptions {
  readonly quality: QualitySettings;
  /** Samples of a full minute. */
  readonly expected: number;
  /** Longer than the reorder window of the ingest. */
  readonly graceMs: number;
  /** Runs that are open at once; beyond it the oldest is closed early. */
  readonly mostOpen: number;
}

interface Run {
  readonly stay: WardStay;
  readonly device: string;
  readonly boot: string;
  readonly signal: VitalSignal;
  readonly startMs: number;
  fromSeq: number;
  toSeq: number;
  takenMs: number;
  usable: number;
  sum: number;
  min: number;
  max: number;
  last: number;
  lastMs: number;
  absent: MissingReason;
  readonly statuses: Set<SampleStatus>;
}

const minuteMs = 60_000;
export const signalOf: Readonly<Record<ContinuousParameter, VitalSignal>> = {
  pulse: 'hr',
  oxygenSaturation: 'spo2',
  respiration: 'rr',
};

/**
 * One run for each signal of a device and minute of measurement. Test data has runs of its own. What a device sends later from its
 * buffer for a minute that is closed is another run with its own numbers, so that nothing is changed after it was written.
 */
export function createMinuteSummaries(options: MinuteSummaryOptions): MinuteSummaries {
  const runs = new Map<string, Run>();
  let early: MinuteSummary[] = [];

  const summary = (run: Run, nowMs: number): MinuteSummary => ({
    stay: run.stay,
    device: run.device,
    boot: run.boot,
    fromSeq: run.fromSeq,
    toSeq: run.toSeq,
    startMs: run.startMs,
    endMs: Math.max(run.startMs, Math.min(run.startMs + minuteMs, nowMs)),
    statuses: [...run.statuses].sort(),
    signal: run.signal,
    expected: options.expected,
    usable: run.usable,
    values:
      run.usable === 0
        ? { absent: run.absent }
        : { min: run.min, mean: run.sum / run.usable, max: run.max, last: run.last },
  });
  const close = (nowMs: number, isDue: (run: Run) => boolean): readonly MinuteSummary[] => {
    const closed = early;
    early = [];
    for (const [key, run] of runs) {
      if (!isDue(run)) continue;
      runs.delete(key);
      closed.push(summary(run, nowMs));
    }
    return closed;
  };

  return {
    take(event, stay) {
      const { device, seq, measuredMs, receivedMs, value, status } = event;
      const [, boot = ''] = event.id.split('/');
      const startMs = Math.floor(measuredMs / minuteMs) * minuteMs;
      const isTest = status.some((one) => one === 'test' || one === 'demo');
      const signal = signalOf[event.parameter];
      const key = JSON.stringify([device, boot, signal, startMs, stay.bed, stay.stay, isTest]);
      const run: Run = runs.get(key) ?? {
        stay,
        device,
        boot,
        signal,
        startMs,
        fromSeq: seq,
        toSeq: seq,
        takenMs: receivedMs,
        usable: 0,
        sum: 0,
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
        last: 0,
        lastMs: Number.NEGATIVE_INFINITY,
        absent: 'not-measured',
        statuses: new Set(),
      };
      runs.set(key, run);
      run.fromSeq = Math.min(run.fromSeq, seq);
      run.toSeq = Math.max(run.toSeq, seq);
      run.takenMs = Math.max(run.takenMs, receivedMs);
      for (const one of status) run.statuses.add(one);
      const { grade, why } = judgeQuality(event, undefined, options.quality);
      if (grade === 'unusable' || value === undefined) run.absent = why ?? 'not-measured';
      else {
        const number = Number(value);
        run.usable += 1;
        run.sum += number;
        run.min = Math.min(run.min, number);
        run.max = Math.max(run.max, number);
        if (measuredMs >= run.lastMs) [run.last, run.lastMs] = [number, measuredMs];
      }
      if (runs.size <= options.mostOpen) return;
      const [first] = runs;
      if (first === undefined) return;
      runs.delete(first[0]);
      early.push(summary(first[1], receivedMs));
    },
    due: (nowMs) =>
      close(nowMs, ({ startMs, takenMs }) => nowMs >= Math.max(startMs + minuteMs, takenMs) + options.graceMs),
    rest: (nowMs) => close(nowMs, () => true),
    get open() {
      return runs.size;
    },
  };
}

import type { AdvisoryView, AuditTrail } from '@edge-blueprints/contracts';
import type { AlarmDesk } from '../alarms/alarm-desk-port.js';
import type { BedRecordState } from '../scores/observations/bed-record.js';
import type { AdvisoryLane, AdvisoryOutcome } from './advisory-lane.js';
import { modelSignals, type ModelSignal } from './features.js';
import { createVitalMemory, type VitalMemory } from './vital-memory.js';

export interface WardAdvisoryOptions {
  readonly lane: AdvisoryLane;
  readonly alarms: Pick<AlarmDesk, 'sense'>;
  readonly trail: AuditTrail;
  /** Manual observations of every bed. */
  readonly records: () => readonly BedRecordState[];
  /** Journal clock. */
  readonly now: () => number;
  /** One bed is judged so often. */
  readonly everyMs?: number;
  readonly onOutcome?: (bed: string, outcome: AdvisoryOutcome, atMs: number) => void;
}

/** The model beside the rules: hears what they hear, and adds an advisory. It holds nothing up: one bed at a time, off the path. */
export interface WardAdvisories {
  /** A fresh and plausible sample. */
  take(bed: string, signal: ModelSignal, atMs: number, value: number): void;
  view(bed: string): AdvisoryView | null;
  /** Another patient. */
  clear(bed: string): void;
  /** About once a second: starts with the bed that has waited longest, where one is due and none is being judged. */
  tick(): void;
  /** Resolves when nothing is being judged any more. */
  close(): Promise<void>;
}

interface BedAdvice {
  readonly memory: VitalMemory;
  readonly startedMs: number;
  judgedMs: number;
  raised: boolean;
  view: AdvisoryView | null;
  /** Newest manual value of each signal that the memory has. */
  readonly fed: Map<ModelSignal, number>;
}

export function createWardAdvisories(options: WardAdvisoryOptions): WardAdvisories {
  const { lane, alarms, trail, records, now, everyMs = 60_000 } = options;
  const beds = new Map<string, BedAdvice>();
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  let offTold = false;

  const bedOf = ({ bed, startedMs }: Pick<BedRecordState, 'bed' | 'startedMs'>): BedAdvice => {
    const known = beds.get(bed);
    if (known?.startedMs === startedMs) return known;
    const fresh = {
      ...{ memory: createVitalMemory(), startedMs, judgedMs: startedMs },
      ...{ raised: known?.raised ?? false, view: null, fed: new Map<ModelSignal, number>() },
    };
    beds.set(bed, fresh);
    return fresh;
  };
  const feed = (advice: BedAdvice, record: BedRecordState): void => {
    const put = (signal: ModelSignal | undefined, atMs: number, value: number): void => {
      if (signal === undefined || (advice.fed.get(signal) ?? -1) >= atMs) return;
      advice.fed.set(signal, atMs);
      advice.memory.add(signal, atMs, value);
    };
    for (const [parameter, { value, atMs }] of record.measured)
      put(
        modelSignals.find((signal) => signal === parameter),
        atMs,
        Number(value),
      );
    if (record.consciousness !== undefined)
      put('notAlert', record.consciousness.atMs, record.consciousness.value === 'A' ? 0 : 1);
    if (record.breathing !== undefined)
      put('oxygen', record.breathing.atMs, record.breathing.value === 'oxygen' ? 1 : 0);
  };
  const tell = (bed: string, advice: BedAdvice, outcome: AdvisoryOutcome): void => {
    const raised = outcome.kind === 'advice' && outcome.view.raised;
    advice.view = outcome.kind === 'advice' ? outcome.view : null;
    // What was never raised has nothing to end.
    if (raised || advice.raised) alarms.sense(outcome.input);
    if (raised && !advice.raised)
      trail
        .record([
          {
            type: 'infer.alarm',
            actor: { id: 'model-lane', role: 'system' },
            subject: { pseudonym: bed },
            action: 'raise advisory',
            outcome: 'success',
            model: outcome.input.facts,
          },
        ])
        .catch(() => undefined);
    if (outcome.kind === 'silent' && outcome.why === 'disabled' && !offTold) {
      offTold = true;
      const actor = { id: 'model-lane', role: 'system' };
      // The sentence may hold what a model file says: beside the log, not in it.
      const payload = { detail: outcome.detail };
      const model = { sha256: lane.modelDigest };
      trail
        .record([{ type: 'model.rejected', actor, action: 'switch off', outcome: 'failure', model, payload }])
        .catch(() => undefined);
    }
    // An advisory that the model cannot speak about any more stays one, marked, until it speaks again.
    if (outcome.kind === 'advice') advice.raised = raised;
  };
  const judge = async (bed: string, advice: BedAdvice): Promise<void> => {
    advice.judgedMs = now();
    const outcome = await lane.judge(bed, advice.memory.window(now()), stop.signal);
    if (stop.signal.aborted || beds.get(bed) !== advice) return;
    tell(bed, advice, outcome);
    options.onOutcome?.(bed, outcome, now());
  };

  return {
    take: (bed, signal, atMs, value) => void beds.get(bed)?.memory.add(signal, atMs, value),
    view: (bed) => beds.get(bed)?.view ?? null,
    clear: (bed) => void beds.delete(bed),
    tick() {
      const present = records().filter(({ refused }) => refused === undefined);
      for (const record of present) feed(bedOf(record), record);
      for (const bed of [...beds.keys()]) if (present.every((record) => record.bed !== bed)) beds.delete(bed);
      if (running !== undefined || stop.signal.aborted) return;
      const [next] = [...beds].sort(([, a], [, b]) => a.judgedMs - b.judgedMs);
      if (next === undefined || now() - next[1].judgedMs < everyMs) return;
      running = judge(...next).finally(() => {
        running = undefined;
      });
    },
    async close() {
      stop.abort();
      await running?.catch(() => undefined);
    },
  };
}

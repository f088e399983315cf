import type { AlarmDesk } from './alarms/alarm-desk-port.js';
import type { ConditionInput } from './alarms/engine-input.js';
import type { Ingest } from './ingest/ingest.js';
import type { WardWatch } from './limits/ward-watch.js';
import type { WardAdvisories } from './model/ward-advisories.js';
import type { ObservationDesk } from './scores/observations/observation-desk.js';
import type { ClockWatch } from './self/clock-watch.js';
import type { Bedside } from './ward/bedside.js';
import type { VitalHistory } from './ward/vital-history.js';
import type { WardListener } from './ward/ward-listener.js';

export interface DataPathParts {
  readonly ingest: Ingest;
  readonly watch: WardWatch;
  readonly observations: ObservationDesk;
  readonly alarms: AlarmDesk;
  readonly bedside: Bedside;
  readonly history: VitalHistory;
  /** Absent: no model is configured, or it did not load. */
  readonly advisories: Pick<WardAdvisories, 'take' | 'tick'> | undefined;
  readonly listener: Pick<WardListener, 'event' | 'score' | 'tick'> | undefined;
  readonly clockWatch: Pick<ClockWatch, 'device' | 'believedMs'>;
  /** Journal clock. */
  readonly now: () => number;
}

/** The one path of a measurement: message, ingest, signals, observations and limits, alarm desk; the desk tells the stations. */
export interface DataPath {
  receive(topic: string, payload: Uint8Array): void;
  /** Each second: what went silent, scores, deadlines. */
  tick(state: { readonly brokerLost: boolean }): void;
}

export function createDataPath(parts: DataPathParts): DataPath {
  const { ingest, watch, observations, alarms, bedside, history, advisories, listener, clockWatch, now } = parts;
  const sense = (inputs: readonly ConditionInput[]): void => {
    for (const { kind: _kind, atMs: _atMs, ...input } of inputs) alarms.sense(input);
  };
  return {
    receive(topic, payload) {
      const event = ingest.receive(topic, payload, now(), clockWatch.believedMs());
      if (event === undefined) return;
      if (event.kind === 'vital' && event.order === 'live')
        clockWatch.device(event.device, event.deviceMs, event.receivedMs - event.measuredMs);
      sense(watch.take(event));
      bedside.take(event);
      if (event.kind === 'vital' && event.bed !== undefined && event.value !== undefined) {
        const reading = bedside.reading(event.bed, event.parameter, now(), false);
        if (reading?.state === 'fresh') {
          history.add(event.bed, event.parameter, event.measuredMs, Number(event.value));
          advisories?.take(event.bed, event.parameter, event.measuredMs, Number(event.value));
        }
      }
      listener?.event(event);
    },
    tick({ brokerLost }) {
      const nowMs = now();
      ingest.tick(nowMs);
      sense(watch.tick(nowMs, { brokerLost }));
      for (const bed of observations.beds()) {
        const score = observations.score(bed, nowMs)?.score;
        if (score === undefined) continue;
        history.add(bed, 'scoreLo', nowMs, score.lo);
        history.add(bed, 'scoreHi', nowMs, score.hi);
        listener?.score(bed, score, nowMs);
      }
      alarms.tick();
      advisories?.tick();
      listener?.tick();
    },
  };
}

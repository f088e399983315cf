import type { AlarmCondition, AlarmSnapshot } from '@edge-blueprints/contracts';
import type { AlarmDesk } from '../alarms/alarm-desk-port.js';

/** What the gateway knows of itself; each problem in words, undefined while there is none. */
export interface WardSelf {
  readonly brokerLost: boolean;
  readonly clock: string | undefined;
  readonly disk: string | undefined;
  readonly outbox: string | undefined;
  /** Why the trail was not written the last time. */
  readonly trail: string | undefined;
  readonly liveStations: number;
  /** Enrolled stations that do not answer, by name. */
  readonly missingStations: readonly string[];
}

export interface WardConditionOptions {
  readonly alarms: Pick<AlarmDesk, 'sense' | 'view'>;
  /** Of the life before: what is over by now must be told as over. */
  readonly recovered: readonly AlarmSnapshot[];
  readonly fewestStations: number;
  readonly stationSilentMs: number;
  /** How long the gateway was away; undefined at its first start. */
  readonly awayMs: number | undefined;
  readonly nowMs: number;
}

const brokerLostMs = 2_000;
/** Whoever has not read it by then finds it latched. */
const restartShownMs = 60_000;

/** Technical alarms of the ward itself: the desk hears changes only. Call it each second. */
export function createWardConditions(options: WardConditionOptions): (self: WardSelf, nowMs: number) => void {
  const { alarms, fewestStations, stationSilentMs, awayMs } = options;
  const keyOf = (subject: string, condition: AlarmCondition): string => `${subject} ${condition}`;
  const told = new Map<string, boolean>(
    options.recovered
      .filter(({ subject, phase }) => isOurs(subject) && phase !== 'latched' && phase !== 'ended')
      .map(({ subject, condition }) => [keyOf(subject, condition), true]),
  );
  const since = new Map<string, number>();
  const tell = (
    subject: string,
    condition: AlarmCondition,
    problem: string | undefined,
    afterMs: number,
    nowMs: number,
  ): void => {
    const key = keyOf(subject, condition);
    const isSo = problem !== undefined;
    if (isSo && !since.has(key)) since.set(key, nowMs);
    if (!isSo) since.delete(key);
    const onsetMs = since.get(key);
    const state = onsetMs !== undefined && nowMs - onsetMs >= afterMs;
    // Not so long enough yet to be sure: what was an alarm stays one.
    if (state === (told.get(key) ?? false) || (isSo && !state)) return;
    told.set(key, state);
    alarms.sense({
      subject,
      condition,
      state: state ? 'true' : 'false',
      ...(state && onsetMs !== undefined ? { onsetMs } : {}),
      text: (problem ?? 'It is over').slice(0, 200),
    });
  };
  return (self, nowMs) => {
    const ward = (condition: AlarmCondition, problem: string | undefined, afterMs = 0): void =>
      tell('ward', condition, problem, afterMs, nowMs);
    const lost = 'No connection to the broker: no wearable is heard';
    ward('broker-lost', self.brokerLost ? lost : undefined, brokerLostMs);
    ward('clock-unsynchronised', self.clock);
    ward('disk-low', self.disk);
    ward('outbox-degraded', self.outbox);
    // The desk tells of a record that failed by its own; this is for a trail that failed others while the desk was idle.
    if (alarms.view().unrecordedSinceMs === undefined)
      ward(
        'audit-failed',
        self.trail === undefined ? undefined : 'The audit trail cannot be written: acts are refused',
      );
    else told.set(keyOf('ward', 'audit-failed'), true);
    const few = `${self.liveStations} stations answer, at least ${fewestStations} are needed`;
    ward('station-lost', self.liveStations < fewestStations ? few : undefined, stationSilentMs);
    const named = new Set([...self.missingStations.map((name) => `station/${name}`), ...stationsOf(told)]);
    for (const subject of named) {
      const isMissing = self.missingStations.some((name) => `station/${name}` === subject);
      const text = `Station ${subject.slice('station/'.length)} does not answer`;
      tell(subject, 'station-lost', isMissing ? text : undefined, 0, nowMs);
    }
    const restarted = awayMs !== undefined && nowMs - options.nowMs < restartShownMs;
    const away = `The gateway started again; nothing was watched for ${((awayMs ?? 0) / 1_000).toFixed(1)} s`;
    ward('gateway-restarted', restarted ? away : undefined);
  };
}

const isOurs = (subject: string): boolean => subject === 'ward' || subject.startsWith('station/');

function stationsOf(told: ReadonlyMap<string, boolean>): readonly string[] {
  return [...told].flatMap(([key, isTold]) => (isTold && key.startsWith('station/') ? key.split(' ', 1) : []));
}

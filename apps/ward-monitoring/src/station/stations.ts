import type { AlarmPriority, AuditTrail, StationEvent, WardView } from '@edge-blueprints/contracts';
import { stationChannels } from '@edge-blueprints/contracts';
import type { LiveInbound, LivePage } from '@edge-blueprints/dashboard';
import { createLatencyHistogram } from '@edge-blueprints/pipeline';
import type { LatencySnapshot } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import type { AlarmTransition } from '../alarms/alarm-transition.js';
import { wallAlarm } from '../ward/wall-alarm.js';
import type { WardListener } from '../ward/ward-listener.js';
import { noStationNames, type StationNames } from './station-names.js';

export interface StationsOptions {
  /** Journal clock. */
  readonly now: () => number;
  readonly trail: AuditTrail;
  /** Sent to a station that connects; undefined until the gateway runs. */
  readonly view: () => WardView | undefined;
  /** Without a word for so long a station does not count. */
  readonly silentAfterMs: number;
  readonly onDelivery?: WardListener['delivery'];
  /** Stations that must be there. */
  readonly names?: StationNames;
}

export interface StationsStatus {
  readonly connected: number;
  /** Stations that spoke within `silentAfterMs`. */
  readonly live: number;
  /** Enrolled stations without a word for so long. */
  readonly missing: readonly string[];
  readonly offset: number;
  readonly resent: number;
  readonly dropped: number;
  /** Entries about delivery that the trail did not take. */
  readonly unwritten: number;
  /**
   * From the alarm condition to its event on the way to all stations, whether one is there or not. Of patients: the silence of a
   * device is dated back to its last sample.
   */
  readonly conditionToSent: LatencySnapshot;
  /** From the alarm condition to the first station that painted it. */
  readonly conditionToPainted: LatencySnapshot;
  readonly sentToPainted: LatencySnapshot;
}

/** Numbers alarm events, sends them to every station, and follows each until it was painted. */
export interface Stations {
  readonly inbound: LiveInbound;
  tell(transitions: readonly AlarmTransition[]): void;
  /** About twice a second: what was not painted is sent again. */
  tick(): void;
  status(): StationsStatus;
}

interface Waiting {
  readonly event: StationEvent;
  sentMs: number;
  tries: number;
}

interface Station {
  readonly page: LivePage;
  name: string | undefined;
  isRefused: boolean;
  heardMs: number;
  readonly unpainted: Map<number, Waiting>;
}

const keptEvents = 2_000;
const mostUnpainted = 500;
const resendAfterMs = 2_000;
const mostTries = 5;
const callingPhases: ReadonlySet<string> = new Set(['start', 'escalate', 'reannounce']);
const phaseNames: Readonly<Record<string, string>> = { ack: 'acknowledge' };
/** What waits for its delay is no alarm yet. */
const untold: ReadonlySet<string> = new Set(['pending', 'transient', 'refused']);

const enrolSchema = z.strictObject({ name: z.string().max(32), key: z.string().max(64) });
/** After a start browsers need a while to come back. */
const graceMs = 10_000;

export function createStations(options: StationsOptions): Stations {
  const { now, trail, view, silentAfterMs, onDelivery, names = noStationNames } = options;
  const heardByName = new Map<string, number>();
  const startMs = now();
  const stations = new Map<string, Station>();
  const events: StationEvent[] = [];
  /** Those that nobody painted yet. */
  const unseen = new Map<number, StationEvent>();
  const conditionToSent = createLatencyHistogram();
  const conditionToPainted = createLatencyHistogram();
  const sentToPainted = createLatencyHistogram();
  // The journal clock never goes back, so numbers of a later start are larger than all before.
  let offset = now();
  const counts = { resent: 0, dropped: 0, unwritten: 0 };

  const note = (
    type: string,
    { offset: number, alarm }: StationEvent,
    outcome: 'success' | 'failure',
    station?: string,
  ): void => {
    trail
      .record([
        {
          type,
          actor: { id: 'gateway', role: 'system' },
          subject: { pseudonym: alarm.subject },
          object: alarm.alarmId,
          action: type,
          outcome,
          links: {
            ...{ alarmId: alarm.alarmId, offset: String(number) },
            ...(station === undefined ? {} : { station }),
          },
        },
      ])
      .catch(() => {
        counts.unwritten += 1;
      });
  };
  const send = (station: Station, event: StationEvent): void => {
    station.page.send(stationChannels.event, { ...event, sentMs: now() } satisfies StationEvent);
    if (event.alarm.priority !== 'PH' || !callingPhases.has(event.phase)) return;
    const known = station.unpainted.get(event.offset);
    station.unpainted.set(event.offset, { event, sentMs: now(), tries: (known?.tries ?? 0) + 1 });
    const [oldest] = station.unpainted.keys();
    if (station.unpainted.size > mostUnpainted && oldest !== undefined) station.unpainted.delete(oldest);
  };
  const painted = (station: Station, number: number): void => {
    station.unpainted.delete(number);
    const event = unseen.get(number);
    if (event === undefined) return;
    unseen.delete(number);
    sentToPainted.record(now() - event.sentMs);
    onDelivery?.({ event, station: station.name ?? station.page.id, paintedMs: now() });
    if (event.phase !== 'start') return;
    conditionToPainted.record(now() - (event.alarm.conditionMs ?? event.alarm.onsetMs));
    if (isTold(event.alarm.priority)) note('notify.rendered', event, 'success', station.name);
  };

  /** A station that says its name with a wrong key stays unnamed; told once a connection. */
  const enrol = (station: Station, payload: unknown): void => {
    const said = enrolSchema.safeParse(payload);
    if (said.success && names.fits(said.data.name, said.data.key)) {
      station.name = said.data.name;
      heardByName.set(said.data.name, now());
      return;
    }
    counts.dropped += 1;
    if (station.isRefused) return;
    station.isRefused = true;
    const actor = { id: 'unknown', role: 'station' };
    trail
      .record([{ type: 'security.denied', actor, object: 'station', action: 'enrol', outcome: 'refused' }])
      .catch(() => {
        counts.unwritten += 1;
      });
  };

  const inbound: LiveInbound = {
    events: [stationChannels.painted, stationChannels.since, stationChannels.beat, stationChannels.station],
    mostPerSecond: 500,
    onConnect(page) {
      stations.set(page.id, { page, name: undefined, isRefused: false, heardMs: now(), unpainted: new Map() });
      const current = view();
      if (current !== undefined) page.send(stationChannels.view, current);
    },
    onMessage(page, event, payload) {
      const station = stations.get(page.id);
      if (station === undefined) return;
      station.heardMs = now();
      if (station.name !== undefined) heardByName.set(station.name, now());
      if (event === stationChannels.beat) return;
      if (event === stationChannels.station) return enrol(station, payload);
      if (typeof payload !== 'number' || !Number.isSafeInteger(payload)) {
        counts.dropped += 1;
        return;
      }
      if (event === stationChannels.painted) painted(station, payload);
      else for (const missed of events) if (missed.offset > payload) send(station, missed);
    },
    onDisconnect: (page) => void stations.delete(page.id),
    onDropped: () => {
      counts.dropped += 1;
    },
  };
  const missing = (): readonly string[] =>
    names.names().filter((name) => now() - (heardByName.get(name) ?? startMs + graceMs) > silentAfterMs);
  const live = (): number => [...stations.values()].filter(({ heardMs }) => now() - heardMs <= silentAfterMs).length;

  return {
    inbound,
    tell(transitions) {
      for (const { kind, alarm } of transitions) {
        if (alarm === undefined || alarm.phase === 'pending' || untold.has(kind)) continue;
        offset += 1;
        const event: StationEvent = { offset, phase: phaseNames[kind] ?? kind, sentMs: now(), alarm: wallAlarm(alarm) };
        events.push(event);
        if (events.length > keptEvents) events.shift();
        unseen.set(offset, event);
        if (kind === 'start' && alarm.type !== 'ST')
          conditionToSent.record(now() - (alarm.conditionMs ?? alarm.onsetMs));
        for (const station of stations.values()) send(station, event);
      }
    },
    tick() {
      for (const station of stations.values())
        for (const [number, waiting] of station.unpainted) {
          if (now() - waiting.sentMs < resendAfterMs) continue;
          if (waiting.tries >= mostTries) station.unpainted.delete(number);
          else {
            counts.resent += 1;
            send(station, waiting.event);
          }
        }
      for (const [number, event] of unseen) {
        if (now() - event.sentMs < mostTries * resendAfterMs) continue;
        unseen.delete(number);
        onDelivery?.({ event, station: 'all', failed: 'no station painted it' });
        if (event.phase === 'start' && isTold(event.alarm.priority)) note('notify.failed', event, 'failure');
      }
    },
    status: () => ({
      connected: stations.size,
      live: live(),
      missing: missing(),
      offset,
      ...counts,
      conditionToSent: conditionToSent.snapshot(),
      conditionToPainted: conditionToPainted.snapshot(),
      sentToPainted: sentToPainted.snapshot(),
    }),
  };
}

const isTold = (priority: AlarmPriority): boolean => priority !== 'PL';

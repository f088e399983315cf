import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Random } from '@edge-blueprints/contracts';
import { createLatencyHistogram, type LatencySnapshot } from '@edge-blueprints/pipeline';
import { deviceCharacter } from './device-character.js';
import {
  deviceInfo,
  driftAlarm,
  driftReport,
  metricsReport,
  partInspected,
  type SimulatedEvent,
} from './device-events.js';
import type { FleetOptions } from './fleet-options.js';
import { createSimulatedDevice, type SimulatedDevice } from './simulated-device.js';

export interface FleetReport {
  readonly devices: number;
  readonly connected: number;
  readonly connects: number;
  readonly appended: number;
  readonly acknowledged: number;
  readonly acknowledgedPerSecond: number;
  /** Numbers in the events: 1 a part, one for each gauge, counter and histogram of a report. */
  readonly points: number;
  readonly acknowledgedPointsPerSecond: number;
  readonly refused: number;
  readonly resent: number;
  readonly ackTimeouts: number;
  readonly pending: number;
  readonly ackLatency: LatencySnapshot;
  readonly rssBytes: number;
  readonly cpuShare: number;
}

export interface Fleet {
  report(): FleetReport;
  /** All leave, then all come back at once. @returns how long until all were connected again, null when not in time */
  storm(limitMs: number): Promise<{ readonly ms: number | null; readonly connected: number; readonly tries: number }>;
  /** Events a second from now on. */
  setRate(eventsPerSecond: number): void;
  close(): Promise<void>;
}

export interface FleetSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
}

const tickMs = 50;
const pointsOf = ({ type, data }: SimulatedEvent): number =>
  type === 'edge-blueprints.metrics.v1' && 'gauges' in data
    ? data.gauges.length + data.counters.length + data.histograms.length
    : 1;

/** Starts the devices one after the other and lets them work until `close`. */
export function createFleet(options: FleetOptions, { clock, random, emit }: FleetSurroundings): Fleet {
  const stop = new AbortController();
  const ackLatency = createLatencyHistogram();
  const counts = { connected: 0, connects: 0, appended: 0, acknowledged: 0, points: 0 };
  let lostAtMs: number | undefined;
  const onState = (connected: boolean): void => {
    counts.connected += connected ? 1 : -1;
    if (connected) counts.connects += 1;
    const now = clock.monotonicMs();
    if (!connected && lostAtMs === undefined && counts.connected < started / 2) lostAtMs = now;
    if (lostAtMs !== undefined && counts.connected === started) {
      emit({ event: 'recovered', devices: started, ms: Math.round(now - lostAtMs) });
      lostAtMs = undefined;
    }
  };
  const devices = Array.from({ length: options.devices }, (_, index) =>
    createSimulatedDevice({
      character: deviceCharacter(index, options.sites, options.seed),
      url: options.url,
      tlsFolder: options.tls,
      clock,
      maxBytes: options.outboxBytes,
      reconnectMaxMs: options.reconnectMaxMs,
      ackLatency,
      onState,
      onAcknowledged: (events) => void (counts.acknowledged += events),
    }),
  );
  let started = 0;
  let part = 0;
  let eventsPerSecond = options.rate;
  const append = async (device: SimulatedDevice, event: SimulatedEvent): Promise<void> => {
    counts.appended += 1;
    counts.points += pointsOf(event);
    await device.append(event);
  };
  const pause = (ms: number): Promise<unknown> => wait(ms, undefined, { signal: stop.signal }).catch(() => undefined);

  const connectAll = async (): Promise<void> => {
    const beganMs = clock.monotonicMs();
    for (const device of devices) {
      if (stop.signal.aborted) return;
      started += 1;
      device.start();
      await append(device, deviceInfo(device.character));
      const aheadMs = (started / options.connectRate) * 1_000 - (clock.monotonicMs() - beganMs);
      if (aheadMs > 5) await pause(aheadMs);
    }
    emit({ event: 'started', devices: started, ms: Math.round(clock.monotonicMs() - beganMs) });
  };
  const produce = async (): Promise<void> => {
    let owed = 0;
    let lastMs = clock.monotonicMs();
    while (!stop.signal.aborted) {
      await pause(tickMs);
      const now = clock.monotonicMs();
      owed = Math.min(owed + ((now - lastMs) / 1_000) * eventsPerSecond, eventsPerSecond);
      lastMs = now;
      for (; owed >= 1 && started > 0; owed -= 1) {
        const device = devices[random.integer(0, started - 1)];
        if (device) await append(device, partInspected(device.character, (part += 1)));
      }
    }
  };
  /** Each device at its own phase, so that the fleet does not report in one breath. */
  const report = async (
    seconds: number,
    make: (device: SimulatedDevice) => readonly SimulatedEvent[],
  ): Promise<void> => {
    if (seconds === 0) return;
    let next = 0;
    let owed = 0;
    let lastMs = clock.monotonicMs();
    while (!stop.signal.aborted) {
      await pause(tickMs);
      const now = clock.monotonicMs();
      owed = Math.min(started, owed + ((now - lastMs) / 1_000 / seconds) * started);
      lastMs = now;
      for (; owed >= 1 && started > 0; owed -= 1) {
        const device = devices[next++ % started];
        if (device) for (const event of make(device)) await append(device, event);
      }
    }
  };
  const alarmed = new Set<SimulatedDevice>();
  const drift = (device: SimulatedDevice): readonly SimulatedEvent[] => {
    const { character } = device;
    const now = clock.epochMs();
    const events = [driftReport(character, now - options.driftSeconds * 1_000, now)];
    if (character.drifts && !alarmed.has(device)) events.push(driftAlarm(character, now));
    alarmed.add(device);
    return events;
  };
  const running = Promise.all([
    connectAll(),
    produce(),
    report(options.metricsSeconds, ({ character }) => [metricsReport(character, options.metricsSeconds * 1_000)]),
    report(options.driftSeconds, drift),
  ]);
  let last = { atMs: clock.monotonicMs(), acknowledged: 0, cpu: process.cpuUsage() };
  /** Of uplinks that were closed: a restarted one counts from 0. */
  let past = { resent: 0, ackTimeouts: 0, refused: 0 };
  const troubles = (): typeof past => {
    const sum = { ...past };
    for (const device of devices) {
      const stats = device.uplink()?.stats();
      sum.resent += stats?.eventsResent ?? 0;
      sum.ackTimeouts += stats?.ackTimeouts ?? 0;
      sum.refused += stats?.eventsRefused ?? 0;
    }
    return sum;
  };
  return {
    report() {
      const now = clock.monotonicMs();
      const elapsedMs = Math.max(1, now - last.atMs);
      const { user, system } = process.cpuUsage(last.cpu);
      const rate = ((counts.acknowledged - last.acknowledged) / elapsedMs) * 1_000;
      last = { atMs: now, acknowledged: counts.acknowledged, cpu: process.cpuUsage() };
      const { resent, ackTimeouts, refused } = troubles();
      return {
        devices: started,
        ...counts,
        acknowledgedPerSecond: Math.round(rate),
        acknowledgedPointsPerSecond: Math.round((rate * counts.points) / Math.max(1, counts.appended)),
        refused,
        resent,
        ackTimeouts,
        pending: counts.appended - counts.acknowledged - refused,
        ackLatency: ackLatency.snapshot(),
        rssBytes: process.memoryUsage.rss(),
        cpuShare: Number(((user + system) / 1_000 / elapsedMs).toFixed(3)),
      };
    },
    async storm(limitMs) {
      past = troubles();
      await Promise.all(devices.slice(0, started).map((device) => device.close()));
      lostAtMs = undefined;
      const beganMs = clock.monotonicMs();
      const before = counts.connects;
      for (const device of devices.slice(0, started)) device.start();
      while (counts.connected < started && clock.monotonicMs() - beganMs < limitMs && !stop.signal.aborted)
        await pause(10);
      const ms = counts.connected >= started ? Math.round(clock.monotonicMs() - beganMs) : null;
      return { ms, connected: counts.connected, tries: counts.connects - before };
    },
    setRate: (next) => void (eventsPerSecond = next),
    async close() {
      stop.abort();
      await running;
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}

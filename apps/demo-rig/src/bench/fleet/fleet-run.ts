import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DeviceError } from '@edge-blueprints/contracts';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import { startSupervised, type SupervisedProcess } from '../../supervised-process.js';
import { memoryOf, type OwnServer } from './fleet-servers.js';

const root = resolve(import.meta.dirname, '../../../../..');
const latency = z.looseObject({
  count: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
const progressSchema = z.looseObject({
  devices: z.number(),
  connected: z.number(),
  acknowledged: z.number(),
  points: z.number(),
  appended: z.number(),
  pending: z.number(),
  resent: z.number(),
  ackLatency: latency,
  rssBytes: z.number(),
});
const recoveredSchema = z.looseObject({ event: z.literal('recovered'), ms: z.number() });
const stormSchema = z.looseObject({
  event: z.literal('storm'),
  ms: z.number().nullable(),
  connected: z.number(),
  tries: z.number(),
});

export interface FleetFigures {
  readonly devices: number;
  readonly workers: number;
  readonly connected: number;
  readonly connectSeconds: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly pointsPerSecond: number;
  readonly ackP50Ms: number | null;
  readonly ackP99Ms: number | null;
  readonly ackCount: number;
  readonly pending: number;
  readonly resent: number;
  readonly memoryMb: {
    readonly broker: number;
    readonly store: number;
    readonly workers: number;
    readonly devices: number;
  };
}

export interface RunningFleet {
  measure(seconds: number): Promise<FleetFigures>;
  setRate(partsPerSecond: number): void;
  storm(limitMs: number): Promise<{ readonly ms: number | null; readonly connected: number; readonly tries: number }>;
  /** Settles when more than half had lost their connection and all are back: how long that took, ms; null when not in time. */
  recovery(limitMs: number): Promise<number | null>;
  /** Waits until all sessions are there. */
  allConnected(limitMs: number): Promise<number>;
  close(): Promise<void>;
}

/** Ingest workers and devices as processes of their own, against servers that run. */
export async function startFleet(settings: {
  readonly folder: string;
  readonly broker: OwnServer;
  readonly store: OwnServer;
  readonly brokerUrl: string;
  readonly ca: string | null;
  readonly deviceFiles: string | null;
  readonly devices: number;
  readonly workers: number;
  readonly metricsSeconds: number;
  readonly partsPerSecond: number;
  readonly connectRate: number;
  readonly complain: (text: string) => void;
}): Promise<RunningFleet> {
  const closers: (() => Promise<void>)[] = [];
  const running: SupervisedProcess[] = [];
  let newest: z.infer<typeof progressSchema> | undefined;
  let recovered: ((ms: number) => void) | undefined;
  let storm: ((value: z.infer<typeof stormSchema>) => void) | undefined;
  const start = async (name: string, entry: string, args: readonly string[]): Promise<SupervisedProcess> => {
    const lastLines: string[] = [];
    const process = await startSupervised({
      name,
      entry: join(root, entry),
      args,
      readyTimeoutMs: 120_000,
      onLog: (line) => {
        lastLines.push(line);
        if (lastLines.length > 8) lastLines.shift();
      },
      onEvent: (event) => {
        const progress = progressSchema.safeParse(event);
        if (progress.success) newest = progress.data;
        const done = stormSchema.safeParse(event);
        if (done.success) storm?.(done.data);
        const back = recoveredSchema.safeParse(event);
        if (back.success) recovered?.(back.data.ms);
      },
    });
    let closing = false;
    void process.exited.then((code) => {
      if (!closing)
        settings.complain(`${name} ended by itself (exit code ${code}): ${lastLines.join(' | ').slice(-600)}\n`);
    });
    closers.push(async () => {
      closing = true;
      await process.stop(30_000);
    });
    return process;
  };
  try {
    await mkdir(settings.folder, { recursive: true });
    for (let i = 1; i <= settings.workers; i += 1) {
      const file = join(settings.folder, `worker-${i}.json`);
      await writeFile(file, JSON.stringify(workerConfig(settings, i)));
      running.push(
        await start(`worker ${i}`, 'apps/fleet-hub/src/main.ts', [
          '--config',
          file,
          '--role',
          'ingest',
          '--name',
          `ingest-${i}`,
        ]),
      );
    }
    const beganMs = performance.now();
    const fleet = await start('devices', 'libs/rigs/src/fleet-main.ts', [
      ...['--url', settings.brokerUrl, '--devices', String(settings.devices), '--sites', '1'],
      ...['--rate', String(settings.partsPerSecond), '--metrics-seconds', String(settings.metricsSeconds)],
      ...['--connect-rate', String(settings.connectRate), '--report-ms', '1000', '--drift-seconds', '300'],
      ...(settings.deviceFiles === null ? [] : ['--tls', settings.deviceFiles]),
    ]);
    const memoryOfAll = async (processes: readonly SupervisedProcess[]): Promise<number> =>
      (await Promise.all(processes.map(({ pid }) => memoryOf(pid ?? 0)))).reduce((sum, bytes) => sum + bytes, 0);
    const allConnected = async (limitMs: number): Promise<number> => {
      const from = performance.now();
      while ((newest?.connected ?? 0) < settings.devices && performance.now() - from < limitMs) await wait(200);
      return (performance.now() - from) / 1_000;
    };
    let connectSeconds = 0;
    return {
      allConnected: async (limitMs) => {
        await allConnected(limitMs);
        return (connectSeconds = (performance.now() - beganMs) / 1_000);
      },
      setRate: (eventsPerSecond) => fleet.send({ command: 'rate', eventsPerSecond }),
      storm: (limitMs) =>
        new Promise((resolve) => {
          storm = resolve;
          fleet.send({ command: 'storm', limitMs });
        }),
      recovery: (limitMs) =>
        new Promise((resolve) => {
          const timer = setTimeout(() => resolve(null), limitMs);
          recovered = (ms) => {
            clearTimeout(timer);
            resolve(ms);
          };
        }),
      measure: async (seconds) => {
        const from = newest;
        const fromMs = performance.now();
        await wait(seconds * 1_000);
        const to = newest;
        if (from === undefined || to === undefined) throw new DeviceError('bench.fleet', 'The devices told nothing.');
        const elapsed = (performance.now() - fromMs) / 1_000;
        const events = (to.acknowledged - from.acknowledged) / elapsed;
        const pointsPerEvent = to.points / Math.max(1, to.appended);
        const mb = (bytes: number): number => Math.round(bytes / 1e6);
        return {
          devices: settings.devices,
          workers: settings.workers,
          connected: to.connected,
          connectSeconds,
          seconds: elapsed,
          eventsPerSecond: events,
          pointsPerSecond: events * pointsPerEvent,
          ackP50Ms: to.ackLatency.p50Ms,
          ackP99Ms: to.ackLatency.p99Ms,
          ackCount: to.ackLatency.count,
          pending: to.pending,
          resent: to.resent,
          memoryMb: {
            broker: mb(await settings.broker.memory()),
            store: mb(await settings.store.memory()),
            workers: mb(await memoryOfAll(running)),
            devices: mb(await memoryOfAll([fleet])),
          },
        };
      },
      close: () => closeInReverse(closers.splice(0)),
    };
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

function workerConfig(
  { brokerUrl, ca, store, folder }: Parameters<typeof startFleet>[0],
  number: number,
): Readonly<Record<string, unknown>> {
  const own = ca === null ? null : join(ca, 'workers', `hub.ingest-${number}`);
  return {
    store: { kind: 'postgresql', host: '127.0.0.1', port: store.port, database: 'postgres', user: 'hub' },
    broker: {
      kind: 'mqtt',
      url: brokerUrl,
      tls:
        own === null
          ? null
          : { caFile: join(own, 'ca.pem'), certFile: join(own, 'cert.pem'), keyFile: join(own, 'key.pem') },
    },
    identity: { revocationsFile: join(ca ?? folder, 'revocations.jsonl') },
    dashboard: { port: 0 },
  };
}

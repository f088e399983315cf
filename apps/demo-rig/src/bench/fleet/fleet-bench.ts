import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { fleetHelp, readFleetOptions, type FleetBenchOptions } from './fleet-options.js';
import { startFleet, type FleetFigures } from './fleet-run.js';
import { makeSite, requirePrograms, startMosquitto, startPlainMosquitto, startPostgresql } from './fleet-servers.js';

const root = resolve(import.meta.dirname, '../../../../..');
const say = (text: string): void => void process.stdout.write(text);
const note = (text: string): void => void process.stderr.write(text);

/** Every figure of the fleet, with its command: what the hub's README states. */
export async function runFleetBench(argv: readonly string[]): Promise<void> {
  const options = readFleetOptions(argv);
  if (options === 'help') return say(fleetHelp);
  const programs = requirePrograms();
  const scratch = await mkdtemp(join(tmpdir(), 'fleet-bench-'));
  await chmod(scratch, 0o711); // PostgreSQL runs as another user, below it
  const closers: (() => Promise<void>)[] = [() => rm(scratch, { recursive: true, force: true, maxRetries: 5 })];
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  say(
    `${machine}\ndevices, broker, workers and PostgreSQL share it; ${options.plain ? 'plain MQTT' : 'mutual TLS'}, fsync on\n\n`,
  );
  const results: Record<string, unknown> = { format: 'edge-fleet-bench/1', machine, tls: !options.plain };
  try {
    await bench(options, programs, scratch, closers, results);
  } finally {
    await closeInReverse(closers);
  }
  if (options.virtual !== undefined) {
    const from = performance.now();
    const entry = join(root, 'libs/rigs/src/virtual-fleet-main.ts');
    const args = [join(root, 'tools/run.mjs'), entry, '--devices', String(options.virtual), '--hours', '24'];
    const run = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      maxBuffer: 64e6,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    say(
      `\nvirtual time, ${options.virtual} devices, 24 h (${((performance.now() - from) / 1_000).toFixed(0)} s, exit code ${run.status})\n${run.stdout}`,
    );
    results['virtual'] = { devices: options.virtual, exitCode: run.status, output: run.stdout };
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
}

async function bench(
  options: FleetBenchOptions,
  programs: ReturnType<typeof requirePrograms>,
  scratch: string,
  closers: (() => Promise<void>)[],
  results: Record<string, unknown>,
): Promise<void> {
  const most = Math.max(...options.devices, options['workers-at']);
  const names = Array.from({ length: most }, (_, i) => `site-01.device-${String(i + 1).padStart(4, '0')}`);
  const workers = Array.from({ length: Math.max(...options.workers, options.with) }, (_, i) => `hub.ingest-${i + 1}`);
  note(`  certificates of ${most} devices\n`);
  const issuing = performance.now();
  const site = await makeSite(join(scratch, 'site'), options.plain ? [] : names, workers);
  if (!options.plain) say(`certificates      ${most} in ${((performance.now() - issuing) / 1_000).toFixed(1)} s\n`);
  const store = await startPostgresql(programs.postgresql, join(scratch, 'postgresql'));
  closers.push(store.stop);
  const broker = options.plain
    ? await startPlainMosquitto(programs.mosquitto, join(scratch, 'mosquitto'))
    : await startMosquitto(programs.mosquitto, join(scratch, 'mosquitto'), site);
  closers.push(broker.stop);
  const runs: FleetFigures[] = [];
  const one = async (
    devices: number,
    count: number,
    partsPerSecond: number,
    what: string,
    then?: (fleet: Awaited<ReturnType<typeof startFleet>>) => Promise<void>,
  ): Promise<void> => {
    note(`  ${what}: ${devices} devices, ${count} workers\n`);
    const fleet = await startFleet({
      folder: join(scratch, `run-${runs.length}`),
      broker,
      store,
      brokerUrl: `${options.plain ? 'mqtt' : 'mqtts'}://127.0.0.1:${broker.port}`,
      ca: options.plain ? null : site.ca,
      deviceFiles: options.plain ? null : site.devices,
      devices,
      workers: count,
      metricsSeconds: options.metrics ?? (devices >= 5_000 ? 30 : 15),
      partsPerSecond,
      connectRate: 150,
      complain: note,
    });
    try {
      await fleet.allConnected(300_000);
      const figures = await fleet.measure(options.seconds);
      runs.push(figures);
      say(`${what.padEnd(8)} ${row(figures)}\n`);
      await then?.(fleet);
    } finally {
      await fleet.close();
    }
  };
  say(
    'run       devices workers connected after s   events/s   points/s  ack p50    p99 ms       n  pending  MB broker store workers devices\n',
  );
  const largest = Math.max(...options.devices);
  for (const devices of options.devices)
    await one(devices, options.with, 200, 'steady', async (fleet) => {
      if (!options.storm || devices !== largest) return;
      const storm = await fleet.storm(300_000);
      say(
        `storm     ${devices} devices leave and come back: ${seconds(storm.ms)} until all were back, ${storm.tries} connections\n`,
      );
      const recovery = fleet.recovery(300_000);
      await broker.killAndRestart();
      const ms = await recovery;
      say(`killed    broker killed and started again: ${seconds(ms)} until all ${devices} were back\n`);
      results['storm'] = { ...storm, brokerKilledMs: ms };
    });
  for (const count of options.workers) await one(options['workers-at'], count, options.press, 'limit');
  results['runs'] = runs;
  const best = Math.max(...runs.map(({ pointsPerSecond }) => pointsPerSecond));
  say(
    `\npoints per second with the hub's acknowledgement, best run: ${best.toFixed(0)} (aim 5000 ${best >= 5_000 ? 'met' : 'MISSED'})\n`,
  );
}

const seconds = (ms: number | null): string => (ms === null ? 'not in time' : `${(ms / 1_000).toFixed(1)} s`);

function row(f: FleetFigures): string {
  const ms = (value: number | null): string => (value === null ? '-' : value.toFixed(0));
  const { memoryMb: m } = f;
  return [
    String(f.devices).padStart(8),
    String(f.workers).padStart(7),
    String(f.connected).padStart(9),
    f.connectSeconds.toFixed(1).padStart(7),
    f.eventsPerSecond.toFixed(0).padStart(10),
    f.pointsPerSecond.toFixed(0).padStart(10),
    ms(f.ackP50Ms).padStart(8),
    ms(f.ackP99Ms).padStart(9),
    String(f.ackCount).padStart(7),
    String(f.pending).padStart(8),
    [m.broker, m.store, m.workers, m.devices].map((mb) => String(mb).padStart(7)).join(' '),
  ].join(' ');
}

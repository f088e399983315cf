import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { writeGoldenParts } from './golden-parts.js';
import { adminPassword, hubConfig } from './hub-config.js';
import type { DemoOptions } from './options.js';
import { buildPage } from './page-build.js';
import { rtspAddress, stationConfig } from './station-config.js';
import { startSupervised, type ProcessEvent, type SupervisedProcess } from './supervised-process.js';

export type PartName = 'line' | 'plc' | 'mes' | 'station' | 'link' | 'hub';

export interface ComposeHooks {
  onEvent(part: PartName, event: ProcessEvent): void;
  onLog(part: PartName, line: string): void;
  /** One clear line a part, as it becomes ready. */
  onReady(part: PartName | 'page' | 'hub page', detail: string): void;
  /** Changes the station's configuration before it is written. */
  adjustStation?(config: ReturnType<typeof stationConfig>): Readonly<Record<string, unknown>>;
}

export interface Demo {
  readonly processes: Readonly<Record<'line' | 'plc' | 'mes' | 'station', SupervisedProcess>>;
  /** Undefined with --no-hub. */
  readonly hub:
    | {
        readonly process: SupervisedProcess;
        /** The network between station and hub. */
        readonly link: SupervisedProcess;
        readonly url: string;
        readonly user: string;
        readonly password: string;
      }
    | undefined;
  /** The station's page. */
  readonly url: string;
  readonly mesUrl: string;
  readonly operatorPin: string;
  /** Stops all in reverse order of their start. @returns the exit codes */
  stop(): Promise<Readonly<Record<string, number | null>>>;
}

const root = resolve(import.meta.dirname, '../../..');
const entries = {
  line: 'libs/rigs/src/line-main.ts',
  plc: 'libs/rigs/src/plc-main.ts',
  mes: 'libs/rigs/src/mes-main.ts',
  station: 'apps/manufacturing-inspection/src/main.ts',
  link: 'libs/rigs/src/link-main.ts',
  hub: 'apps/fleet-hub/src/main.ts',
} as const;
const webKit = join(root, 'libs/web-kit/src');
const readyTimeoutMs = 60_000;

/**
 * Starts line, MES, station and PLC as processes of their own and waits until each is ready. When one does not start, the
 * others are stopped again.
 * @throws DeviceError `demo.start-failed` that names the part and its last log lines
 */
export async function compose(options: DemoOptions, hooks: ComposeHooks): Promise<Demo> {
  const data = resolve(options.data);
  const folders = {
    data,
    templates: join(data, 'templates'),
    golden: join(data, 'golden'),
    state: join(data, 'state'),
  };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
  const started: SupervisedProcess[] = [];
  const codes: Record<string, number | null> = {};
  const stop = async (): Promise<typeof codes> => {
    await closeInReverse(started.map((process) => async () => void (codes[process.name] = await process.stop())));
    return codes;
  };
  const start = async (
    name: PartName,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<SupervisedProcess> => {
    const process = await startSupervised({
      name,
      entry: join(root, entries[name]),
      args,
      env,
      readyTimeoutMs,
      onEvent: (event) => hooks.onEvent(name, event),
      onLog: (line) => hooks.onLog(name, line),
    });
    started.push(process);
    return process;
  };
  const portOf = (process: SupervisedProcess, name: string): number => {
    const port = process.ports[name];
    if (port === undefined)
      throw new RangeError(`The ${process.name} told no port "${name}", only ${Object.keys(process.ports).join(', ')}`);
    return port;
  };

  try {
    const startingHub = options.hub ? startHub({ options, data, start, portOf }) : undefined;
    startingHub?.catch(() => undefined); // told below, after the rest
    const rtspPort = options.camera === 'rtsp' ? await freePort() : undefined;
    const [page, line, mes] = await Promise.all([
      buildPage(join(root, 'apps/manufacturing-inspection/web'), [webKit]),
      start('line', lineArguments(options, folders.templates, rtspPort)),
      start('mes', ['--port', '0']),
      writeGoldenParts(folders.golden, 9_003),
    ]);
    const wiring = portOf(line, 'wiring');
    const mesUrl = `http://127.0.0.1:${portOf(mes, 'http')}`;
    hooks.onReady(
      'line',
      options.frames
        ? `${options.rate} boards/s from ${options.frames}`
        : `${options.rate} boards/s, ${options.defectRate * 100} % bad, seed ${options.seed}`,
    );
    hooks.onReady('mes', `IPC-CFX at ${mesUrl}/cfx`);

    const client = options.role === 'client';
    const modbus = options.modbusPort === 0 ? await freePort() : options.modbusPort;
    const endpoint = `127.0.0.1:${modbus}`;
    const plcArguments = [
      '--role',
      options.role,
      '--wiring',
      `127.0.0.1:${wiring}`,
      client ? '--listen' : '--station',
      endpoint,
    ];
    const firstPlc = client ? await start('plc', plcArguments) : undefined;
    const link = await startingHub?.then((hub) => hub.link);
    const config = stationConfig({
      linkPort: link && portOf(link, 'link'),
      options,
      folders,
      page: page.folder,
      root,
      camera: rtspPort === undefined ? { framePort: portOf(line, 'frames') } : { rtspPort, product: productOf(line) },
      plcPort: modbus,
      mesUrl: `${mesUrl}/cfx`,
    });
    const file = join(data, 'station.json');
    const written = hooks.adjustStation?.(config) ?? config;
    await writeFile(file, `${JSON.stringify(written, null, 2)}\n`);
    const station = await start('station', ['--config', file]);
    const url = `http://127.0.0.1:${portOf(station, 'page')}`;
    const plc = firstPlc ?? (await start('plc', plcArguments));
    hooks.onReady(
      'plc',
      client ? `Modbus TCP server at ${endpoint}, written by the station` : `polls the station at ${endpoint}`,
    );
    hooks.onReady('station', `configuration ${file}`);
    hooks.onReady('page', url);
    const hub = await startingHub?.then((started) => started.ready);
    if (hub) hooks.onReady('hub page', `${hub.url}  (${hub.user}, password ${hub.password})`);
    const pin = station.ready['operatorPin'];
    return {
      processes: { line, plc, mes, station },
      hub,
      url,
      mesUrl,
      operatorPin: typeof pin === 'string' ? pin : '',
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Link at once, hub when its store is there: the station need not wait for it. */
async function startHub(parts: {
  readonly options: DemoOptions;
  readonly data: string;
  readonly start: (
    name: PartName,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<SupervisedProcess>;
  readonly portOf: (process: SupervisedProcess, name: string) => number;
}) {
  const { options, start, portOf } = parts;
  const folder = join(parts.data, 'hub');
  await mkdir(folder, { recursive: true });
  const mqttPort = await freePort();
  const password = await adminPassword(folder);
  const file = join(folder, 'hub.json');
  const linking = start('link', ['--to', `127.0.0.1:${mqttPort}`]);
  const ready = (async () => {
    const page = await buildPage(join(root, 'apps/fleet-hub/web'), [webKit]);
    const pagePort = options.port === 0 ? 0 : options.port + 2;
    const config = hubConfig({ folder, page: page.folder, pagePort, mqttPort });
    await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
    const process = await start('hub', ['--config', file], { EDGE_HUB_ADMIN_PASSWORD: password });
    return {
      process,
      link: await linking,
      url: `http://127.0.0.1:${portOf(process, 'page')}`,
      user: 'admin',
      password,
    };
  })();
  ready.catch(() => undefined); // whoever waits for it is told
  return { link: await linking, ready };
}

function lineArguments(options: DemoOptions, templates: string, rtspPort: number | undefined): readonly string[] {
  return [
    ...['--rate', String(options.rate), '--seed', String(options.seed), '--defect-rate', String(options.defectRate)],
    ...['--templates', templates, '--frame-port', '0', '--wiring-port', '0'],
    ...(options.frames ? ['--frames', resolve(options.frames)] : []),
    ...(rtspPort === undefined ? [] : ['--rtsp-push', rtspAddress(rtspPort)]),
  ];
}

/** The one product of a line whose camera cannot tell products. */
function productOf({ ready }: SupervisedProcess): string {
  const { products } = ready;
  return Array.isArray(products) && typeof products[0] === 'string' ? products[0] : '';
}

/** Taken and let go at once, so that two processes can be told of it before one of them listens. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

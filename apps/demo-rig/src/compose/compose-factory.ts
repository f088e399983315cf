import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeGoldenParts } from '@edge-blueprints/rigs';
import type { DemoOptions } from '../options.js';
import type { SupervisedProcess } from '../supervised-process.js';
import { buildPage } from './page-build.js';
import { freePort, pinOf, portOf, repositoryRoot as root, webKitSource, type Parts } from './start-parts.js';
import { rtspAddress, stationConfig } from './station-config.js';

export interface AdjustStation {
  /** Changes the station's configuration before it is written. */
  adjustStation?(config: ReturnType<typeof stationConfig>): Readonly<Record<string, unknown>>;
}

export interface FactoryDemo {
  readonly processes: Readonly<Record<'line' | 'plc' | 'mes' | 'station', SupervisedProcess>>;
  /** The station's page. */
  readonly url: string;
  readonly mesUrl: string;
  readonly operatorPin: string;
}

/** Line, MES, station and PLC. */
export async function composeFactory(
  options: DemoOptions,
  data: string,
  { start, hooks }: Parts,
  linking: Promise<SupervisedProcess> | undefined,
  { adjustStation }: AdjustStation,
): Promise<FactoryDemo> {
  const folders = {
    data,
    templates: join(data, 'templates'),
    golden: join(data, 'golden'),
    state: join(data, 'state'),
  };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
  const rtspPort = options.camera === 'rtsp' ? await freePort() : undefined;
  const [page, line, mes] = await Promise.all([
    buildPage(join(root, 'apps/manufacturing-inspection/web'), [webKitSource]),
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
    ...['--role', options.role, '--wiring', `127.0.0.1:${wiring}`],
    ...[client ? '--listen' : '--station', endpoint],
  ];
  const firstPlc = client ? await start('plc', plcArguments) : undefined;
  const link = await linking;
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
  const written = adjustStation?.(config) ?? config;
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
  return { processes: { line, plc, mes, station }, url, mesUrl, operatorPin: pinOf(station) };
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

import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@edge-blueprints/cameras';
import { createRandom, partRecordSchema, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readStationConfig } from '../config.js';
import { openStation } from './open-station.js';

const models = join(import.meta.dirname, '../../../../models/bundles');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'station-'));
  for (const n of [1, 2, 3]) {
    const pixels = Uint8Array.from({ length: 640 * 640 }, (_, i) => (Math.floor((i % 640) / (10 * n)) % 2) * 255);
    const { bytes } = await encodePng({ width: 640, height: 640, format: 'gray8', pixels });
    for (const kind of ['test', 'temp']) writeFileSync(join(folder, `board${n}_${kind}.png`), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(changes: Record<string, unknown> = {}, events: Record<string, unknown>[] = []) {
  const file = join(folder, 'station.json');
  const config = {
    station: { id: 'aoi-1', simulated: true },
    camera: { kind: 'folder', folder: '.' },
    frame: { width: 640, height: 640 },
    templates: { folder: '.' },
    bundle: { folder: join(models, 'pcb-defects'), trustedKeys: join(models, 'trusted-keys.json') },
    engine: { threads: 1 },
    plc: { role: 'server', port: 0, inspectionTimeoutMs: 60_000 },
    join: { triggerWaitMs: 1 },
    decide: { partDeadlineMs: 60_000 },
    golden: { required: false },
    record: { folder: './record' },
    dashboard: { port: 0 },
    ...changes,
  };
  writeFileSync(file, JSON.stringify(config));
  return openStation(readStationConfig(file), {
    clock: systemClock,
    random: createRandom(1),
    log: silentLogger,
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    newToken: () => 'token',
    operatorPin: '4711',
    pinConfigured: false,
    secret: () => undefined,
    version: '0.0.0',
    emit: (event) => events.push(event),
  });
}

describe('station with the committed bundle', () => {
  it('judges a folder of pictures, records each as untracked where no PLC announced it, and ends cleanly', async () => {
    const events: Record<string, unknown>[] = [];
    const station = await open({}, events);
    await station.ended;
    const at = `http://127.0.0.1:${station.pagePort}`;
    const view = await (await fetch(`${at}/api/view`)).json();
    expect(view).toMatchObject({
      lineState: expect.any(String),
      inspected: 0,
      drops: { 'join.no-trigger': 3 },
      engine: { variant: 'int8-640', provider: 'cpu' },
    });
    await station.close();
    expect(events.map(({ verdict, reason }) => [verdict, reason])).toEqual(Array(3).fill(['error', 'join.no-trigger']));

    const again = await open({ camera: { kind: 'folder', folder: '.', loop: true, rateHz: 1 } });
    const parts = z
      .array(partRecordSchema)
      .parse(await (await fetch(`http://127.0.0.1:${again.pagePort}/api/parts?limit=200`)).json());
    await again.close();
    const first = parts.filter(({ resultId }) => events.some((event) => event['resultId'] === resultId));
    expect(first.map(({ partId }) => partId)).toEqual(['board3', 'board2', 'board1']);
    expect(first.every(({ model, timings }) => model.variant === 'int8-640' && timings.runMs > 0)).toBe(true);
  });

  it.each([
    ['the port of the page is taken', async (port: number) => ({ dashboard: { port } }), 'dashboard.port-in-use'],
    [
      'a key is not trusted',
      async () => ({ bundle: { folder: join(models, 'pcb-defects'), trustedKeys: join(folder, 'station.json') } }),
      'bundle.keys-invalid',
    ],
    [
      'a threshold names a class the model does not have',
      async () => ({ decide: { thresholds: [{ label: 'oval', threshold: 0.5, provenance: 'recipe' }] } }),
      'vision.threshold-missing',
    ],
    ['the golden set is not there', async () => ({ golden: { folder: './none' } }), 'golden.invalid'],
  ] as const)('refuses to start when %s, and leaves nothing open', async (_case, changes, code) => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    await expect(open(await changes(port))).rejects.toMatchObject({ code });
    await new Promise((resolve) => taken.close(resolve));
  });
});

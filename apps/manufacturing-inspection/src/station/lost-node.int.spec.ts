import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@edge-blueprints/cameras';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import {
  createOnnxEngine,
  createOpenInferenceServer,
  loadBundle,
  openInferenceServerConfigSchema,
  readTrustedKeys,
} from '@edge-blueprints/inference';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readStationConfig } from '../config.js';
import { openStation } from './open-station.js';

const models = join(import.meta.dirname, '../../../../models/bundles');
const bundle = { folder: join(models, 'pcb-defects'), trustedKeys: join(models, 'trusted-keys.json') };
const viewSchema = z.object({
  lineState: z.string(),
  lineStateReason: z.string(),
  engine: z.object({ state: z.string(), provider: z.string() }),
  golden: z.object({ state: z.string(), results: z.array(z.object({ name: z.string(), got: z.string() })) }),
});
let folder: string;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lost-node-'));
  const pixels = Uint8Array.from({ length: 640 * 640 }, (_, i) => (Math.floor((i % 640) / 20) % 2) * 255);
  const { bytes } = await encodePng({ width: 640, height: 640, format: 'gray8', pixels });
  for (const name of ['board_test.png', 'board_temp.png']) writeFileSync(join(folder, name), bytes);
  const good = {
    name: 'known-good',
    image: 'board_test.png',
    template: 'board_temp.png',
    expected: 'pass',
    labels: [],
  };
  writeFileSync(
    join(folder, 'golden.json'),
    JSON.stringify({
      format: 'edge-golden/1',
      note: '',
      parts: [good, { ...good, name: 'good, though called bad', expected: 'reject' }],
    }),
  );
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** @returns what its page shows */
async function openStationOf(fog: Record<string, unknown>) {
  const file = join(folder, 'station.json');
  const config = {
    station: { id: 'aoi-1', simulated: true },
    camera: { kind: 'folder', folder: '.', loop: true, rateHz: 1 },
    ...{ frame: { width: 640, height: 640, frozenFrames: 0 }, templates: { folder: '.' }, bundle, fog },
    ...{ plc: { role: 'server', port: 0 }, golden: { folder: '.' }, record: { folder: './record' } },
    dashboard: { port: 0 },
  };
  writeFileSync(file, JSON.stringify(config));
  const station = await openStation(readStationConfig(file), {
    ...{ clock: systemClock, random: createRandom(1), log: silentLogger, version: '0.0.0', newToken: () => 'token' },
    ...{ operatorPin: '4711', pinConfigured: false, secret: () => undefined, emit: () => undefined },
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
  closers.push(() => station.close());
  return async () => viewSchema.parse(await (await fetch(`http://127.0.0.1:${station.pagePort}/api/view`)).json());
}

async function startNode(port: number, variant: string): Promise<void> {
  const loading = await loadBundle(bundle.folder, { trustedKeys: await readTrustedKeys(bundle.trustedKeys) });
  const engine = createOnnxEngine({ threads: 1 });
  closers.push(() => engine.dispose());
  const loaded = await engine.load(loading.variant(variant));
  const { name, version } = loading.manifest;
  const config = openInferenceServerConfigSchema.parse({ port });
  const server = createOpenInferenceServer(engine, config, { model: { name, version, loaded }, clock: systemClock });
  closers.push(() => server.close());
  await server.listen();
}

describe('a station without a model of its own', () => {
  it('starts not ready while its node is away, and judges its golden parts by itself when the node comes', async () => {
    const port = await freePort();
    const policy = { whenLost: 'safe-state', remoteTimeoutMs: 5_000, firstProbeMs: 20, maxProbeMs: 50 };
    const view = await openStationOf({ engine: { url: `http://127.0.0.1:${port}` }, variant: 'int8-640', policy });
    const before = await view();
    expect(before).toMatchObject({ lineState: 'Aborted', engine: { state: 'failed', provider: 'none' } });
    expect(before.lineStateReason).toContain('safe state (infer.unreachable)');
    expect(before.golden.results.map(({ got }) => got)).toEqual(Array(2).fill('abstain infer.safe-state'));

    await startNode(port, 'int8-640');
    await vi.waitFor(async () => {
      const { golden, engine, lineState } = await view();
      expect(golden.results.map(({ got }) => got)).toEqual(['pass', 'pass']);
      expect({ golden: golden.state, engine: engine.state, lineState }).toEqual({
        ...{ golden: 'failed', engine: 'ready', lineState: 'Stopped' },
      });
    }, 60_000);
  }, 90_000);

  it('refuses the gate of a compiled artefact for a variant in floats, whether the node is there or not', async () => {
    const parity = { factor: 2.5, outlierShare: 0.01 };
    const fog = { engine: { url: 'http://127.0.0.1:9' }, variant: 'fp32-640', parity };
    await expect(openStationOf(fog)).rejects.toMatchObject({ code: 'bundle.golden-parity' });
  });

  it('refuses a variant that its bundle does not have', async () => {
    const fog = { engine: { url: 'http://127.0.0.1:9' }, variant: 'fp16-640' };
    await expect(openStationOf(fog)).rejects.toMatchObject({ code: 'bundle.variant-unknown' });
  });
});

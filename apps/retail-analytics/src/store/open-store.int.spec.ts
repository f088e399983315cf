import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeviceError,
  createRandom,
  parseConfig,
  retailReleaseSchema,
  silentLogger,
  systemClock,
} from '@edge-blueprints/contracts';
import type { FrameSource, StoreView } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { storeConfigSchema } from '../config.js';
import type { StoreConfig } from '../config.js';
import { blobCalibration, blobCamera, blobPlan, openBlobModel } from '../testing/blob-store.js';
import { openStore } from './open-store.js';
import type { Store, StoreDeps } from './open-store.js';

let folder: string;
let config: StoreConfig;
let events: Readonly<Record<string, unknown>>[];
let store: Store | undefined;

/** Five people walk in side by side, from before the line to the back, a step a picture: a slow machine takes longer. */
function walk(): () => readonly (readonly [number, number])[] {
  let pictures = 0;
  return () => {
    pictures += 1;
    const y = Math.min(5, 0.6 + 0.11 * Math.max(0, pictures - 10));
    return [1, 2.4, 3.8, 5.2, 6.6].map((x) => [x, y] as const);
  };
}

function failing(id: string): FrameSource {
  return {
    id,
    // eslint-disable-next-line require-yield
    async *frames() {
      throw new DeviceError('camera.unreachable', 'no answer within 3000 ms');
    },
    stats: () => ({ captured: 0, delivered: 0, superseded: 0, corrupt: 0, reconnects: 0, connected: false }),
    close: async () => undefined,
  };
}

function deps(feet: (atMs: number) => readonly (readonly [number, number])[] | undefined): StoreDeps {
  return {
    clock: systemClock,
    random: createRandom(1),
    log: silentLogger,
    newToken: () => 'token',
    operatorPin: '4711',
    pinConfigured: true,
    version: '0.0.0',
    emit: (event) => events.push(event),
    openModel: openBlobModel,
    openCamera: ({ id }) =>
      id === 'spare' ? failing(id) : blobCamera({ id, fps: 20, nowMs: systemClock.monotonicMs, feet }),
  };
}

async function viewOf(opened: Store): Promise<StoreView> {
  const reply = await fetch(`http://127.0.0.1:${opened.pagePort}/api/view`, { signal: AbortSignal.timeout(5_000) });
  return z.custom<StoreView>().parse(await reply.json());
}

async function until<T>(look: () => Promise<T>, good: (seen: T) => boolean): Promise<T> {
  const endMs = performance.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (good(seen) || performance.now() > endMs) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-store-'));
  events = [];
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(blobPlan));
  writeFileSync(join(folder, 'calibration-main.json'), JSON.stringify(blobCalibration('main')));
  config = parseConfig(
    storeConfigSchema,
    {
      store: { id: 'blob-store', simulated: true },
      plan: join(folder, 'plan.json'),
      cameras: ['main', 'spare'].map((id) => ({
        id,
        source: { kind: 'socket', port: 1 },
        calibration: join(folder, `calibration-${id}.json`),
        floorFramesPerS: 1,
      })),
      perception: { bundle: { folder: 'none', variant: 'fp32' }, trustedKeys: 'none' },
      privacy: { liveMinimumCount: 2, ledger: { folder: join(folder, 'ledger') } },
      state: { folder: join(folder, 'state') },
      dashboard: { port: 0 },
      page: { folder: join(folder, 'none') },
    },
    'test',
  );
});

afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(folder, { recursive: true });
});

describe('the store node', () => {
  it('counts people who walk in, beside a camera that fails, and releases what it has at a clean stop and writes nothing else', async () => {
    const opened = await openStore(config, deps(walk()));
    store = opened;
    const view = await until(
      () => viewOf(opened),
      ({ lines, zones }) => lines[0]?.inToday === 5 && zones[0]?.people.kind === 'count',
    );
    expect(view.lines).toMatchObject([{ id: 'entrance', inToday: 5, outToday: 0 }]);
    expect(view.people).toEqual({ kind: 'count', value: 5 });
    expect(view.zones).toMatchObject([{ id: 'back', people: { kind: 'count', value: 5 } }]);
    expect(view.cameras).toMatchObject([
      { id: 'main', state: 'seeing', connected: true },
      { id: 'spare', state: 'lost', detail: 'no answer within 3000 ms' },
    ]);
    expect(view.alarms).toMatchObject([{ id: 'camera/spare', code: 'store.camera-lost' }]);
    expect(view.privacy).toMatchObject({ debugCapable: false, minimumCount: 2 });

    await opened.close();
    store = undefined;
    const releases = events
      .filter(({ event }) => event === 'release')
      .map(({ release }) => retailReleaseSchema.parse(release));
    expect(releases.map(({ metric }) => metric).sort()).toEqual(['counts', 'dwell', 'heat', 'queue', 'visits']);
    expect(releases.every(({ simulated, store: of }) => simulated && of === 'blob-store')).toBe(true);

    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
    const known = /^(plan\.json|calibration-main\.json|ledger\/[\w.-]+|state\/scene-main\.json)$/;
    expect(files.filter((name) => !known.test(name))).toEqual([]);
    expect(files.filter((name) => name.startsWith('ledger/')).length).toBeGreaterThan(0);

    const again = await openStore(
      config,
      deps(() => []),
    );
    store = again;
    expect((await viewOf(again)).releases).toHaveLength(5);
  });

  it('shows a camera without calibration and counts nothing of it', async () => {
    rmSync(join(folder, 'calibration-main.json'));
    const opened = await openStore(config, deps(walk()));
    store = opened;
    const view = await until(
      () => viewOf(opened),
      ({ cameras }) => (cameras[0]?.framesPerS ?? 0) > 2,
    );
    expect(view.cameras[0]).toMatchObject({ id: 'main', state: 'uncalibrated' });
    expect([view.people.kind, view.lines[0]?.inToday]).toEqual(['fewer', 0]);
  });

  it('refuses a calibration that cannot be counted by before anything is opened', async () => {
    writeFileSync(
      join(folder, 'calibration-main.json'),
      JSON.stringify({ ...blobCalibration('main'), camera: 'roof' }),
    );
    await expect(
      openStore(
        config,
        deps(() => []),
      ),
    ).rejects.toThrow('is the calibration of camera roof');
    expect(existsSync(join(folder, 'ledger'))).toBe(false);
  });

  it('refuses a bundle older than one that it has run, before any model is loaded', async () => {
    mkdirSync(config.state.folder);
    writeFileSync(join(config.state.folder, 'bundle-revisions.json'), '{"person-pose": 1000000}');
    const bundles = join(import.meta.dirname, '../../../../models/bundles');
    const { openModel: _fake, ...real } = deps(() => []);
    const perception = {
      ...config.perception,
      bundle: { folder: join(bundles, 'person-pose'), variant: 'none' },
      trustedKeys: join(bundles, 'trusted-keys.json'),
    };
    await expect(openStore({ ...config, perception }, real)).rejects.toMatchObject({
      code: 'bundle.rollback',
      message: expect.stringMatching(/has run revision 1000000.*perception\.allowRollback: true/) as unknown,
    });
  });

  it('gives an operator the people-free background only where the configuration says so, with an audit', async () => {
    const shown = { ...config, page: { ...config.page, calibrationPictures: true } };
    const opened = await openStore(
      shown,
      deps(() => [[4, 3]]),
    );
    store = opened;
    const origin = `http://127.0.0.1:${opened.pagePort}`;
    const path = `${origin}/api/camera/main/picture.png`;
    const signal = AbortSignal.timeout(10_000);
    expect((await fetch(path, { signal })).status).toBe(401);
    const headers = { origin, 'content-type': 'application/json' };
    const signIn = await fetch(`${origin}/api/sign-in`, { method: 'POST', headers, body: '{"pin":"4711"}', signal });
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const refused = await fetch(path, { headers: { cookie }, signal });
    expect(refused.status).toBe(409);
    expect(z.object({ code: z.string() }).parse(await refused.json()).code).toBe('store.picture-refused');
    const view = await viewOf(opened);
    expect(view.privacy.debugCapable).toBe(true);
    expect(view.alarms.map(({ code }) => code)).toContain('store.pictures-on');
    expect(readFileSync(join(folder, 'plan.json'), 'utf8')).not.toBe('');
  });
});

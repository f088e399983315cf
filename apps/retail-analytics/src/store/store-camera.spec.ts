import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { FrameSourceStats } from '@edge-blueprints/contracts';
import { createTracker } from '@edge-blueprints/vision';
import { describe, expect, it } from 'vitest';
import { see } from '../data-path.js';
import { createEngineShare } from '../perception/engine-share.js';
import { createPersonFinder } from '../perception/person-finder.js';
import { blobCalibration, blobPicture, blobSize, openBlobModel } from '../testing/blob-store.js';
import { aFrame } from '../testing/fakes.js';
import { createStoreCamera } from './store-camera.js';

const stats: FrameSourceStats = {
  captured: 3,
  delivered: 3,
  superseded: 0,
  corrupt: 0,
  reconnects: 0,
  connected: true,
};

/** Deadlines are real time: the fake engine waits by the machine's clock. */
async function aCamera(calibrated = true) {
  const clock = { monotonicMs: systemClock.monotonicMs, epochMs: () => 1_700_000_000_000 };
  const config = {
    id: 'main',
    source: { kind: 'socket' as const, id: 'main', port: 1 },
    calibration: '',
    mount: 'overhead' as const,
    floorFramesPerS: 8,
  };
  const share = createEngineShare({ cameras: [config], slots: 1, maxAgeMs: 1_000, nowMs: clock.monotonicMs });
  const sights: number[] = [];
  let moved = false;
  const camera = createStoreCamera(
    {
      ...config,
      source: { ...config.source, host: '', maxPixelBytes: 1, connectTimeoutMs: 1, reconnect: { minMs: 1, maxMs: 1 } },
    },
    {
      share,
      finder: createPersonFinder(await openBlobModel(), 10),
      pose: undefined,
      tracker: createTracker({ kind: 'sort' }),
      floor: { see: (id, atMs, tracks) => ({ camera: id, atMs, people: tracks.map(() => somebody) }) },
      shift: { see: () => undefined, moved: () => moved, accept: () => (moved = false) },
      background: undefined,
      calibration: calibrated ? blobCalibration('main') : undefined,
      count: ({ people }) => sights.push(people.length),
      sawFrame: () => undefined,
      maxAgeMs: 1_000,
      clock,
      log: silentLogger,
    },
  );
  return { camera, share, sights, bump: () => (moved = true), nowMs: clock.monotonicMs };
}
const somebody = {
  track: 1,
  confirmed: true,
  floor: [0, 0],
  velocity: [0, 0],
  predicted: false,
  still: false,
} as const;
const picture = (capturedAtMs: number) =>
  aFrame({ ...blobSize, capturedAtMs, pixels: blobPicture([[2, 3]]), source: 'main' });

describe('a camera of the store', () => {
  it('lets pictures go whose time lies ahead of the clock, and counts them', async () => {
    const { camera, share, nowMs } = await aCamera();
    camera.arrived(picture(nowMs() + 60_000));
    expect(camera.drops(stats)).toMatchObject({ 'frame.from-ahead': 1 });
    const stop = new AbortController();
    const frames = share.frames('main', stop.signal);
    camera.arrived(picture(nowMs()));
    expect((await frames.next()).value?.capturedAtMs).toBeLessThan(nowMs() + 1);
    stop.abort();
  });

  it('counts nothing of pictures of another size than it was calibrated at, until it is calibrated anew', async () => {
    const { camera, sights, nowMs } = await aCamera();
    await see(picture(nowMs()), camera.line);
    expect(sights).toEqual([1]);
    const wide = aFrame({ width: 160, height: 60, pixels: new Uint8Array(160 * 60), capturedAtMs: nowMs() });
    await expect(see(wide, camera.line)).rejects.toThrow('sends 160 x 60 but was calibrated at 80 x 60');
    camera.calibrated({ ...blobCalibration('main'), imageWidth: 160 });
    await see({ ...wide, capturedAtMs: nowMs() }, camera.line);
    expect(sights).toHaveLength(2);
  });

  it('tells its states, and how it hangs before and after its calibration', async () => {
    const { camera, bump, nowMs } = await aCamera();
    expect(camera.view({ ...stats, connected: false }, 'no answer')).toMatchObject({
      state: 'lost',
      detail: 'no answer',
    });
    camera.arrived(picture(nowMs()));
    expect(camera.view(stats, '')).toMatchObject({ state: 'seeing', mount: 'oblique', calibrationErrorM: 0 });
    bump();
    expect(camera.view(stats, '').state).toBe('moved');
    camera.calibrated(blobCalibration('main'));
    expect(camera.view(stats, '').state).toBe('seeing');
    const bare = await aCamera(false);
    bare.camera.arrived(picture(bare.nowMs()));
    expect(bare.camera.view(stats, '')).toMatchObject({
      state: 'uncalibrated',
      mount: 'overhead',
      calibrationErrorM: null,
      authority: [],
    });
  });

  it('counts what it lets go by a bounded number of causes', async () => {
    const { camera } = await aCamera();
    for (let i = 0; i < 200; i += 1) camera.line.dropped(Object.assign(new Error('x'), { code: `made-up-${i}` }));
    expect(camera.drops(stats)).toMatchObject({ unexpected: 200 });
    expect(Object.keys(camera.drops(stats)).length).toBeLessThan(10);
  });
});

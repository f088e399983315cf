import { DeviceError, silentLogger } from '@edge-blueprints/contracts';
import type { Frame, FrameSource } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { cameraCondition } from './camera-condition.js';
import { runCameraFeed } from './camera-feed.js';

function aSource(frames: readonly Frame[], end: 'ends' | 'fails'): FrameSource {
  let delivered = 0;
  return {
    id: 'entrance',
    async *frames() {
      for (const frame of frames) {
        delivered += 1;
        yield frame;
      }
      if (end === 'fails') throw new DeviceError('camera.unreachable', 'the cable is out');
    },
    stats: () => ({
      captured: delivered,
      delivered,
      superseded: 0,
      corrupt: 0,
      reconnects: 0,
      connected: delivered < frames.length,
    }),
    close: async () => undefined,
  };
}

describe('camera feed', () => {
  it('opens a source again that failed, and adds up what it counted', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const sources = [
      aSource([aFrame({ sequence: 0 }), aFrame({ sequence: 1 })], 'fails'),
      aSource([aFrame({ sequence: 2 })], 'ends'),
    ];
    const feed = runCameraFeed({
      camera: 'entrance',
      open: () => sources.shift() ?? aSource([], 'ends'),
      onFrame: ({ sequence }) => seen.push(sequence),
      restartMs: 1,
      log: silentLogger,
      stop: stop.signal,
    });
    await feed.ended;
    expect(seen).toEqual([0, 1, 2]);
    expect(feed.stats()).toMatchObject({ captured: 3, delivered: 3 });
    expect(feed.trouble()).toContain('end');
  });

  it('says why a camera is away and stops when it is told to', async () => {
    const stop = new AbortController();
    const feed = runCameraFeed({
      camera: 'entrance',
      open: () => aSource([], 'fails'),
      onFrame: () => undefined,
      restartMs: 60_000,
      log: silentLogger,
      stop: stop.signal,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(feed.trouble()).toContain('cable');
    stop.abort();
    await feed.ended;
  });
});

describe('camera condition', () => {
  const seeing = {
    connected: true,
    calibrated: true,
    moved: false,
    trouble: '',
    framesPerS: 8,
    arrivingPerS: 10,
    floorFramesPerS: 8,
    upMs: 60_000,
    silentMs: 100,
  };

  it.each([
    ['sees', {}, 'seeing'],
    ['is gone', { connected: false, trouble: 'no answer', moved: true }, 'lost'],
    ['is connected but sends nothing', { silentMs: 6_000 }, 'lost'],
    ['has no calibration', { calibrated: false, framesPerS: 2 }, 'uncalibrated'],
    ['was bumped', { moved: true, framesPerS: 2 }, 'moved'],
    ['sends 4 pictures a second', { framesPerS: 4, arrivingPerS: 4 }, 'slow'],
    ['shares an engine that is too slow', { framesPerS: 5 }, 'slow'],
    ['has just begun', { framesPerS: 1, upMs: 500 }, 'seeing'],
  ] as const)('of a camera that %s', (_, change, state) => {
    expect(cameraCondition({ ...seeing, ...change }).state).toBe(state);
  });

  it('tells whether the camera or this node is too slow', () => {
    expect(cameraCondition({ ...seeing, framesPerS: 4, arrivingPerS: 4 }).detail).toContain('It sends 4.0');
    expect(cameraCondition({ ...seeing, framesPerS: 4 }).detail).toContain('This node looks at 4.0 of its 10.0');
  });
});

import type { FrameSocketHeader } from '@edge-blueprints/cameras';
import { silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FrameOutlet } from '../line/frame-outlet.js';
import { noCameraFaults, runStoreCamera } from './store-camera.js';
import { storeCameras } from './store-cameras.js';
import type { PictureOrder } from './store-thread.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const startEpochMs = 1_800_000_000_000;

/** A camera at 8 pictures a second whose renderer takes `renderMs`; the store's time runs with the clock. */
function camera(renderMs: number) {
  const beganMs = Date.now();
  const clock = { monotonicMs: () => Date.now() - beganMs, epochMs: () => startEpochMs + Date.now() - beganMs };
  const sent: FrameSocketHeader[] = [];
  const orders: PictureOrder[] = [];
  const present: boolean[] = [];
  let busy = false;
  const outlet: FrameOutlet = {
    port: 1,
    clients: 1,
    get sent() {
      return sent.length;
    },
    dropped: 0,
    send: (header) => void sent.push(header),
    setPresent: (on) => {
      present.push(on);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const running = runStoreCamera({
    camera: storeCameras(64, 36).tills,
    framesPerS: 8,
    stagger: 0,
    source: {
      get busy() {
        return busy;
      },
      picture: (order) => {
        busy = true;
        orders.push(order);
        return new Promise((resolve) =>
          setTimeout(() => {
            busy = false;
            resolve(new Uint8Array(3));
          }, renderMs),
        );
      },
    },
    outlet,
    clock,
    logger: silentLogger,
    scene: (nowMs) => ({
      atMs: nowMs - 20,
      figures: [],
      look: { light: 1, colourTemperatureK: 4000, sun: 0, noise: 0, blurPx: 0 },
    }),
  });
  return { running, sent, orders, present };
}

describe('a camera of the store', () => {
  it('keeps its beat and stamps the moment that the picture shows', async () => {
    const { running, sent } = camera(10);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.length).toBeGreaterThanOrEqual(79);
    expect(sent.length).toBeLessThanOrEqual(81);
    expect(running.counters()).toMatchObject({ skipped: 0 });
    for (const { capturedAtMs, epochMs } of sent) expect(epochMs - capturedAtMs).toBe(startEpochMs);
    await running.close();
  });

  it('skips and counts what its renderer is too slow for, and never lets time stretch', async () => {
    const { running, sent } = camera(300);
    await vi.advanceTimersByTimeAsync(10_000);
    const { taken, skipped } = running.counters();
    expect(taken + skipped).toBeGreaterThanOrEqual(79);
    expect(taken + skipped).toBeLessThanOrEqual(81);
    expect(sent.at(-1)?.capturedAtMs).toBeGreaterThan(9_000);
    await running.close();
  });

  it('falls to two pictures a second, jumps in wall time only, looks elsewhere, and is gone, as told', async () => {
    const { running, sent, orders, present } = camera(10);
    await running.setFaults({ ...noCameraFaults, slow: true, jumpMs: 5_000, yawDeg: 5, pitchDeg: -4 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.length).toBeGreaterThanOrEqual(9);
    expect(sent.length).toBeLessThanOrEqual(12);
    const last = sent.at(-1);
    expect((last?.epochMs ?? 0) - (last?.capturedAtMs ?? 0)).toBe(startEpochMs + 5_000);
    expect(orders.at(-1)).toMatchObject({ yawDeg: 5, pitchDeg: -4 });
    await running.setFaults({ ...noCameraFaults, lost: true });
    const before = sent.length;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent.length).toBe(before);
    await running.setFaults(noCameraFaults);
    expect(present).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.length).toBeGreaterThan(before + 5);
    await running.close();
  });
});

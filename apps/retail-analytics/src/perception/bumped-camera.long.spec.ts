import type { Frame } from '@edge-blueprints/contracts';
import { createSceneRenderer, createStore, type Store, type StoreCameraName } from '@edge-blueprints/rigs';
import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { createShiftWatch, type SceneMemory } from './shift-watch.js';

const forgetful: SceneMemory = { read: () => undefined, keep: () => undefined };
/** The defaults of a store node, by one picture a second. */
const watchOf = (camera: StoreCameraName) => createShiftWatch(camera, '2026-01-01T00:00:00Z', forgetful);

/** One picture a second of one camera of the rendered store, with the people who are there. */
function filmOf(store: Store, name: StoreCameraName, yawDeg = 0) {
  const camera = store.cameras[name];
  const renderer = createSceneRenderer(store.plan, { ...camera, yawDeg: camera.yawDeg + yawDeg }, 7);
  const pixels = new Uint8Array(camera.width * camera.height * 3);
  return (): Frame => {
    store.step(1);
    renderer.render(store.figures(), store.look(), Math.round(store.nowS), pixels);
    const { width, height } = camera;
    return aFrame({ width, height, format: 'rgb24', pixels, capturedAtMs: store.nowS * 1_000, source: name });
  };
}

describe('a camera of the rendered store', { timeout: 120_000 }, () => {
  it.each(['entrance', 'aisles', 'tills'] as const)('%s: a knock of four degrees is announced in 15 s', (name) => {
    const store = createStore({ seed: 7, width: 416, height: 240 });
    store.step(300);
    const watch = watchOf(name);
    const before = filmOf(store, name);
    for (let i = 0; i < 12; i += 1) watch.see(before());
    expect(watch.moved()).toBe(false);
    const after = filmOf(store, name, 4);
    let seconds = 0;
    for (; seconds < 15 && !watch.moved(); seconds += 1) watch.see(after());
    expect(watch.moved()).toBe(true);
  });

  it('is not called moved for a crowd, mannequins, sun or darkness', () => {
    const store = createStore({ seed: 7, width: 416, height: 240 });
    store.step(300);
    const watch = watchOf('tills');
    const film = filmOf(store, 'tills');
    for (let i = 0; i < 12; i += 1) watch.see(film());
    for (const fault of ['crowd', 'mannequins', 'sun', 'dark'] as const) {
      store.setFault(fault, true);
      for (let i = 0; i < 10; i += 1) watch.see(film());
      expect(watch.moved(), fault).toBe(false);
    }
  });
});

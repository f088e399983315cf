import { silentLogger, type EngineHealth, type StoreCameraView } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aBudget } from '../testing/a-view.js';
import { createWalkStore } from '../testing/walk-store.js';
import { createAlarms } from './alarms.js';
import { startStoreTick } from './store-tick.js';

const engine: EngineHealth = { state: 'ready', detail: '', inFlight: 0, completed: 1, failed: 0, restarts: 0 };
const camera: StoreCameraView = {
  id: 'only',
  connected: true,
  mount: 'overhead',
  framesPerS: 8,
  floorFramesPerS: 8,
  dropped: {},
  state: 'seeing',
  detail: '',
  lastSeenEpochMs: 0,
  calibrationErrorM: 0.05,
  authority: [],
};

let stop: () => void = () => undefined;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  stop();
  vi.useRealTimers();
});

function ticking() {
  let state: StoreCameraView['state'] = 'seeing';
  let beyond = 0;
  let nowMs = 0;
  let fails = false;
  const errors: string[] = [];
  const store = createWalkStore();
  const clock = { monotonicMs: () => nowMs, epochMs: () => nowMs };
  const alarms = createAlarms({ epochMs: () => nowMs, log: silentLogger });
  stop = startStoreTick({
    cameras: { views: () => [{ ...camera, state, detail: state }] },
    floor: { agreement: () => [] },
    measures: { ...store.measures, advance: () => undefined },
    desk: {
      tick: () => {
        if (fails) throw new Error('the disk is gone');
      },
    },
    releaser: { budget: () => aBudget },
    engine: () => engine,
    beyondCapacity: () => beyond,
    picturesOn: false,
    alarms,
    clock,
    log: { ...silentLogger, error: (message) => void errors.push(message) },
  });
  return {
    store,
    errors,
    codes: () => alarms.view().map(({ code }) => code),
    pass: (ms: number) => {
      for (let passed = 0; passed < ms; passed += 500) {
        nowMs += 500;
        vi.advanceTimersByTime(500);
      }
    },
    set: (change: { state?: StoreCameraView['state']; beyond?: number; fails?: boolean }) => {
      ({ state = state, beyond = beyond, fails = fails } = change);
    },
  };
}

describe('what the store does by time', () => {
  it('suspends the zones of a moved camera and raises its alarm within half a second, and takes both back', () => {
    const node = ticking();
    const zones = (): string[] => node.store.measures.snapshot(1_000).zones.map((zone) => zone.state);
    node.store.walk(0, 1, []);
    node.set({ state: 'moved' });
    node.pass(500);
    expect([zones(), node.codes()]).toEqual([['suspended', 'suspended', 'suspended'], ['store.camera-moved']]);
    node.set({ state: 'seeing' });
    node.pass(500);
    expect([zones(), node.codes()]).toEqual([['good', 'good', 'good'], []]);
  });

  it('keeps a crowd beyond capacity announced for a minute after the last person who was not followed', () => {
    const node = ticking();
    node.set({ beyond: 3 });
    node.pass(59_000);
    expect(node.codes()).toEqual(['store.beyond-capacity']);
    node.pass(2_000);
    expect(node.codes()).toEqual([]);
  });

  it('survives a fault of one turn, tells it once, and goes on', () => {
    const node = ticking();
    node.set({ fails: true, state: 'lost' });
    node.pass(5_000);
    expect(node.errors).toEqual(['store.tick-failed']);
    node.set({ fails: false });
    node.pass(500);
    expect(node.codes()).toEqual(['store.camera-lost']);
  });
});

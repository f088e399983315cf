import { silentLogger } from '@edge-blueprints/contracts';
import type { EngineHealth, StoreCameraView } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { aBudget } from '../testing/a-view.js';
import { createAlarms } from './alarms.js';
import { alarmCauses, type AlarmSituation } from './store-alarms.js';

const engine: EngineHealth = { state: 'ready', detail: '', inFlight: 0, completed: 1, failed: 0, restarts: 0 };
const camera: StoreCameraView = {
  id: 'entrance',
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
const fine: AlarmSituation = {
  cameras: [camera],
  queues: [],
  budget: aBudget,
  engine,
  agreement: [],
  beyondCapacity: false,
  picturesOn: false,
};

describe('store alarms', () => {
  it('are silent while everything is well', () => {
    const alarms = createAlarms({ epochMs: () => 0, log: silentLogger });
    alarms.show(alarmCauses(fine));
    expect(alarms.view()).toEqual([]);
  });

  it.each<[string, Partial<AlarmSituation>, string]>([
    ['a lost camera', { cameras: [{ ...camera, state: 'lost', detail: 'gone' }] }, 'store.camera-lost'],
    ['a slow camera', { cameras: [{ ...camera, state: 'slow', detail: 'slow' }] }, 'store.camera-slow'],
    ['a moved camera', { cameras: [{ ...camera, state: 'moved', detail: 'bumped' }] }, 'store.camera-moved'],
    [
      'two cameras that disagree',
      { agreement: [{ cameras: ['entrance', 'aisles'], samples: 50, medianM: 0.9, p95M: 2 }] },
      'store.cameras-disagree',
    ],
    [
      'a spent budget',
      { budget: { ...aBudget, ledger: { ...aBudget.ledger, state: 'spent', detail: 'spent' } } },
      'store.ledger-spent',
    ],
    [
      'a damaged ledger',
      { budget: { ...aBudget, ledger: { ...aBudget.ledger, state: 'damaged', detail: 'entry 7' } } },
      'store.ledger-damaged',
    ],
    ['a failed engine', { engine: { ...engine, state: 'failed' } }, 'store.engine-failed'],
    ['a crowd beyond capacity', { beyondCapacity: true }, 'store.beyond-capacity'],
    ['calibration pictures that are on', { picturesOn: true }, 'store.pictures-on'],
  ])('tell of %s while it lasts, since when, and then no more', (_, change, code) => {
    let nowMs = 1_000;
    const alarms = createAlarms({ epochMs: () => nowMs, log: silentLogger });
    alarms.show(alarmCauses({ ...fine, ...change }));
    nowMs = 2_000;
    alarms.show(alarmCauses({ ...fine, ...change }));
    expect(alarms.view()).toMatchObject([{ code, sinceEpochMs: 1_000 }]);
    expect(alarms.view()[0]?.text).not.toBe('');
    alarms.show(alarmCauses(fine));
    expect(alarms.view()).toEqual([]);
  });

  it('does not call cameras apart that have seen too few people together', () => {
    const alarms = createAlarms({ epochMs: () => 0, log: silentLogger });
    alarms.show(
      alarmCauses({ ...fine, agreement: [{ cameras: ['entrance', 'aisles'], samples: 5, medianM: 3, p95M: 4 }] }),
    );
    expect(alarms.view()).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { lineStateOf } from './line-state.js';
import { passInterlock, stationCondition } from './station-condition.js';

const running = {
  engineState: 'ready',
  engineDetail: 'int8-640 on cpu',
  cameraConnected: true,
  lightFault: false,
  storeFull: false,
  golden: 'passed',
  goldenDetail: 'detail',
  bypassed: false,
  plc: { connected: true, peerHeartbeatAlive: true, mapAccepted: true },
  idleMs: 100,
} as const;

describe('line state', () => {
  it.each([
    ['Execute', {}],
    ['Idle', { idleMs: undefined }],
    ['Suspended', { idleMs: 60_000 }],
    ['Held', { golden: 'due' }],
    ['Held', { golden: 'failed' }],
    ['Execute', { golden: 'failed', bypassed: true }],
    ['Stopped', { plc: { ...running.plc, connected: false } }],
    ['Stopped', { plc: { ...running.plc, peerHeartbeatAlive: false } }],
    ['Stopped', { plc: { ...running.plc, mapAccepted: false } }],
    ['Aborted', { lightFault: true, golden: 'due' }],
    ['Aborted', { cameraConnected: false }],
    ['Aborted', { storeFull: true }],
    ['Aborted', { engineState: 'failed' }],
  ] as const)('is %s with %j', (expected, change) => {
    expect(lineStateOf({ ...running, ...change }).lineState).toBe(expected);
  });
});

describe('station condition', () => {
  const input = { ...running, goldenRequired: true, degradationLevel: 0, clockSynchronised: true, recipeId: 3 };

  it('is free of reasons when all is well', () => {
    expect(stationCondition(input)).toEqual({
      online: true,
      goldenDue: false,
      goldenFailed: false,
      degraded: false,
      lightFault: false,
      storeFull: false,
      clockUnsynchronised: false,
      activeRecipeId: 3,
    });
  });

  it.each([
    ['never', true, false],
    ['due', true, false],
    ['running', true, false],
    ['failed', false, true],
    ['passed', false, false],
  ] as const)('with the golden check %s', (golden, goldenDue, goldenFailed) => {
    expect(stationCondition({ ...input, golden })).toMatchObject({ goldenDue, goldenFailed });
    expect(passInterlock({ goldenRequired: true, golden, bypassed: false })).toBe(
      golden === 'passed' ? undefined : 'golden.due',
    );
    expect(passInterlock({ goldenRequired: true, golden, bypassed: true })).toBeUndefined();
    expect(passInterlock({ goldenRequired: false, golden, bypassed: false })).toBeUndefined();
  });

  it('is offline without camera or engine', () => {
    expect(stationCondition({ ...input, cameraConnected: false }).online).toBe(false);
    expect(stationCondition({ ...input, engineState: 'loading' }).online).toBe(false);
    expect(stationCondition({ ...input, engineState: 'degraded', degradationLevel: 1 })).toMatchObject({
      online: true,
      degraded: true,
    });
  });
});

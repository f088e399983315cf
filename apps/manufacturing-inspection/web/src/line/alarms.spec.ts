import { describe, expect, it } from 'vitest';
import { driftAlarmOf, driftOf, uplinkOf } from '../testing/drift-of.js';
import { viewOf } from '../testing/view-of.js';
import { alarmsOf } from './alarms.js';

const calm = viewOf({});
const ids = (view: typeof calm | null, connection: Parameters<typeof alarmsOf>[1] = 'live'): string[] =>
  alarmsOf(view, connection).map((alarm) => alarm.id);

describe('alarmsOf', () => {
  it('is silent on a calm line', () => {
    expect(ids(calm)).toEqual([]);
    expect(ids(null, 'connecting')).toEqual([]);
  });

  it('raises nothing but the loss itself when the connection is lost', () => {
    expect(ids(viewOf({ lineState: 'Aborted', golden: { ...calm.golden, state: 'failed' } }), 'lost')).toEqual([
      'connection-lost',
    ]);
  });

  it('puts what stops the line before what asks for a look', () => {
    const view = viewOf({
      mes: { ...calm.mes, state: 'failing', pending: 3 },
      plc: { ...calm.plc, statusBits: ['GOLDEN_DUE'] },
      golden: { ...calm.golden, state: 'due' },
      camera: { ...calm.camera, connected: false },
    });
    expect(ids(view)).toEqual(['camera-gone', 'golden-due', 'mes-failing']);
  });

  it.each([
    ['plc-gone', { plc: { ...calm.plc, connected: false } }],
    ['plc-frozen', { plc: { ...calm.plc, peerHeartbeatAlive: false } }],
    ['plc-map', { plc: { ...calm.plc, mapAccepted: false } }],
    ['plc-error', { plc: { ...calm.plc, state: 'error' as const } }],
    ['golden-failed', { golden: { ...calm.golden, state: 'failed' as const } }],
    ['golden-bypassed', { golden: { ...calm.golden, state: 'bypassed' as const } }],
    ['engine-failed', { engine: { ...calm.engine, state: 'failed' } }],
    ['engine-degraded', { engine: { ...calm.engine, degradationLevel: 1 } }],
    ['records-lost', { drops: { 'record.queue-full': 1 } }],
    ['mes-dropped', { mes: { ...calm.mes, dropped: 1 } }],
    ['hub-full', { uplink: uplinkOf({ criticalFull: true }) }],
    ['drift.brightness', { drift: driftOf({ state: 'drifting', alarms: [driftAlarmOf('brightness')] }) }],
    ['camera-silent', { camera: { ...calm.camera, lastFrameAt: '2025-12-31T23:59:59.000Z' } }],
  ])('raises %s', (id, change) => {
    expect(ids(viewOf(change))).toEqual([id]);
  });

  it('asks for a look at each feature that drifts, with its sentence and times of this place, after everything else', () => {
    const drift = driftOf({ alarms: [driftAlarmOf('brightness'), driftAlarmOf('contrast')] });
    const raised = alarmsOf(viewOf({ drift, drops: { 'record.not-stored': 1 } }), 'live');
    expect(raised.map(({ id, severity }) => `${id} ${severity}`)).toEqual([
      'records-lost act',
      'drift.brightness act',
      'drift.contrast act',
    ]);
    expect(raised[1]?.detail).toMatch(/^brightness has changed since .*2026/);
    expect(raised[1]?.detail).not.toContain('Z');
  });

  it('asks for nothing while the hub is away or drift warms up', () => {
    expect(ids(viewOf({ uplink: uplinkOf({ state: 'waiting' }), drift: driftOf({ state: 'warming-up' }) }))).toEqual(
      [],
    );
  });

  it('does not miss pictures on a line that waits', () => {
    const camera = { ...calm.camera, lastFrameAt: '2025-12-31T23:00:00.000Z' };
    expect(ids(viewOf({ lineState: 'Idle', camera }))).toEqual([]);
  });

  it('speaks of the p-chart only while the last subgroup breaks a rule', () => {
    const point = {
      at: '',
      rejected: 9,
      inspected: 25,
      share: 0.36,
      centre: 0.05,
      low: 0,
      high: 0.2,
      signals: ['beyond-3-sigma'],
    };
    expect(ids(viewOf({ pChart: [point] }))).toEqual(['p-chart']);
    expect(ids(viewOf({ pChart: [point, { ...point, signals: [] }] }))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { uplinkOf } from '../testing/drift-of.js';
import { viewOf } from '../testing/view-of.js';
import { systemRows } from './system-rows.js';

const calm = viewOf({});
const stateOf = (view: typeof calm, name: string): string | undefined =>
  systemRows(view).find((row) => row.name === name)?.state;

describe('systemRows', () => {
  it('is in order on a calm line', () => {
    expect(systemRows(calm).filter((row) => row.state === 'act' || row.state === 'stop')).toEqual([]);
  });

  it('does not ask for a golden check that this station does not require, nor for parts that were rejected anyway', () => {
    expect(stateOf(viewOf({ golden: { ...calm.golden, state: 'never' } }), 'Golden check')).toBe('off');
    expect(stateOf(viewOf({ drops: { 'frame.superseded': 2 } }), 'Drops')).toBe('off');
  });

  it('has a row for the hub where one is configured, calm while it is away', () => {
    expect(stateOf(calm, 'Hub')).toBeUndefined();
    expect(stateOf(viewOf({ uplink: uplinkOf() }), 'Hub')).toBe('ok');
    expect(stateOf(viewOf({ uplink: uplinkOf({ state: 'waiting' }) }), 'Hub')).toBe('off');
    expect(stateOf(viewOf({ uplink: uplinkOf({ criticalFull: true }) }), 'Hub')).toBe('act');
  });

  it('says what stops the line and what asks for a look', () => {
    expect(stateOf(viewOf({ plc: { ...calm.plc, peerHeartbeatAlive: false } }), 'PLC')).toBe('stop');
    expect(stateOf(viewOf({ lineState: 'Held', golden: { ...calm.golden, state: 'due' } }), 'Golden check')).toBe(
      'act',
    );
    expect(stateOf(viewOf({ drops: { 'record.not-stored': 2 } }), 'Drops')).toBe('act');
    expect(stateOf(viewOf({ mes: { ...calm.mes, state: 'delivering', dropped: 1 } }), 'MES')).toBe('act');
  });
});

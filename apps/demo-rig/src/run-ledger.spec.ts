import type { PartRecord } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createRunLedger, type LinePart, type PlcPart } from './run-ledger.js';

const defect = [{ label: 'open', box: { xMin: 0, yMin: 0, xMax: 9, yMax: 9 } }];
const line = (partId: string, truth: LinePart['truth'], bin: LinePart['bin']): LinePart => ({
  event: 'part',
  partId,
  capturedAtMs: 100,
  truth,
  bin,
});
const plc = (partId: string, verdict: PlcPart['verdict'], coilAtMs: number | null): PlcPart => ({
  event: 'part',
  partId,
  verdict,
  coilAtMs,
  late: false,
  fault: null,
});
// The ledger reads the verdict of a record and nothing else.
const record = (verdict: PartRecord['verdict']) => ({ verdict }) as PartRecord;

describe('createRunLedger', () => {
  it('tells an escape that the model missed from one that the system let through', () => {
    const ledger = createRunLedger();
    for (const part of ['missed', 'slipped']) {
      ledger.line(line(part, defect, 'accept'));
      ledger.plc(plc(part, 'pass', 108));
    }
    ledger.line(line('caught', defect, 'reject'));
    const judged = ledger.judge(
      new Map([
        ['missed', record('pass')],
        ['slipped', record('reject')],
        ['caught', record('reject')],
      ]),
    );
    expect(judged).toMatchObject({ bad: 3, escapesModelMissed: 1, escapesOfTheSystem: 1, noVerdict: 1 });
    expect(judged.escapes).toMatchObject({ count: 2, of: 3 });
    expect(judged.captureToCoil).toMatchObject({ count: 2, p95Ms: null, p99Ms: null });
  });

  it('counts a good part in the reject bin, and whether the model asked for it', () => {
    const ledger = createRunLedger();
    ledger.line(line('a', [], 'reject'));
    ledger.line(line('b', [], 'reject'));
    ledger.line(line('c', [], 'accept'));
    const judged = ledger.judge(
      new Map([
        ['a', record('reject')],
        ['b', record('error')],
        ['c', record('pass')],
      ]),
    );
    expect(judged.falseRejects).toMatchObject({ count: 2, of: 3 });
    expect(judged.falseRejectsByModel).toBe(1);
  });

  it('leaves golden parts out and counts parts whose truth nobody knows', () => {
    const ledger = createRunLedger();
    ledger.line(line('G-1', defect, 'accept'));
    ledger.line(line('x', null, 'accept'));
    expect(ledger.judge(new Map())).toMatchObject({ presented: 1, bad: 0, withoutTruth: 1 });
  });

  it('stays within its bound and counts what it left out', () => {
    const ledger = createRunLedger(1);
    ledger.line(line('a', [], 'accept'));
    ledger.line(line('b', [], 'accept'));
    expect([ledger.presented(), ledger.dropped()]).toEqual([1, 1]);
  });
});

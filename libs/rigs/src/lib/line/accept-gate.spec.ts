import { describe, expect, it } from 'vitest';
import { createAcceptGate } from './accept-gate.js';

describe('createAcceptGate', () => {
  it('rejects until its coil has had current for the time of the valve', () => {
    const gate = createAcceptGate(20);
    expect(gate.openAt(0)).toBe(false);
    gate.setCoil(true, 100);
    expect(gate.openAt(119)).toBe(false);
    expect(gate.openAt(120)).toBe(true);
  });

  it('falls back to reject when the current goes', () => {
    const gate = createAcceptGate(20);
    gate.setCoil(true, 100);
    gate.setCoil(false, 160);
    expect(gate.openAt(179)).toBe(true);
    expect(gate.openAt(180)).toBe(false);
  });

  it('falls back by itself at the end of a pulse, unless the pulse is renewed', () => {
    const gate = createAcceptGate(20);
    gate.setCoil(true, 100, 50);
    expect([gate.openAt(169), gate.openAt(170)]).toEqual([true, false]);
    gate.setCoil(true, 140, 50);
    expect([gate.openAt(170), gate.openAt(209), gate.openAt(210)]).toEqual([true, true, false]);
  });

  it('answers for a moment in the past, however much was switched since', () => {
    const gate = createAcceptGate(0);
    for (let at = 0; at < 2000; at += 10) gate.setCoil(at % 20 === 0, at);
    expect(gate.openAt(1985)).toBe(true);
    expect(gate.openAt(1995)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { createPartTracker } from './part-tracker.js';
import type { PartTrackerGeometry } from './part-tracker.js';
import { timingBudget } from './timing-budget.js';
import { encoderAdd, encoderDistance } from './word-order.js';

const geometry: PartTrackerGeometry = {
  cameraToGateCounts: 1000,
  windowCounts: 50,
  reverseCounts: 20,
  minimumSpacingCounts: 150,
  confirmCounts: 400,
  capacity: 8,
};
const lead = 100;

describe('part tracker', () => {
  it.each([
    ['a passed part opens the gate', 'pass', true],
    ['a rejected part does not', 'reject', false],
    ['a part for review does not', 'review', false],
    ['a part in error does not', 'error', false],
  ] as const)('%s', (_, verdict, opens) => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, verdict, 5);
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(opens);
  });

  it('fault 1: a part without an answer is rejected', () => {
    const { tracker } = track([0]);
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
    tracker.gateEye(1000);
    tracker.binEye(1, 'reject');
    expect(tracker.drainOutcomes()).toMatchObject([{ n: 1, verdict: 'none', coilAtMs: null, gate: 'rejected' }]);
  });

  it('fault 2: a PASS after the deadline is late and opens nothing', () => {
    const { tracker } = track([0]);
    tracker.advance(849, lead);
    tracker.advance(851, lead);
    expect(tracker.verdict(1, 0, 'pass', 5)).toBe('late');
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
    tracker.binEye(1, 'reject');
    expect(tracker.drainOutcomes()).toMatchObject([{ verdict: 'none', late: true }]);
  });

  it('opens the gate only while the passed part is in its window', () => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, 'pass', 5);
    const open = [840, 855, 1000, 1050, 1051].map((encoder) => {
      tracker.advance(encoder, lead);
      if (encoder === 1000) tracker.gateEye(encoder);
      return tracker.acceptTravel() > 0;
    });
    expect(open).toEqual([false, true, true, true, false]);
  });

  it('keeps the gate shut when a rejected part shares the window with a passed one', () => {
    const { tracker } = track([0, 160]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.verdict(2, 160, 'reject', 5);
    tracker.advance(1020, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('takes the first verdict of a part and no second one', () => {
    const { tracker } = track([0]);
    expect(tracker.verdict(1, 0, 'reject', 5)).toBe('accepted');
    expect(tracker.verdict(1, 0, 'pass', 6)).toBe('duplicate');
    expect(tracker.verdict(1, 77, 'pass', 6)).toBe('unknown');
    tracker.advance(990, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('works the same across the encoder wrap', () => {
    const start = 0xffff_fe00;
    const { tracker } = track([start]);
    tracker.verdict(1, start, 'pass', 5);
    tracker.advance(encoderAdd(start, 500), lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
    tracker.advance(encoderAdd(start, 1000), lead);
    expect(tracker.acceptTravel() > 0).toBe(true);
  });

  it('fault 17: a part that comes too early (belt moved, encoder stood) purges the section', () => {
    const { tracker } = track([0, 300]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.verdict(2, 300, 'pass', 5);
    tracker.gateEye(700);
    expect(tracker.drainFaults()).toEqual(['extra-part']);
    tracker.advance(1000, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('fault 18: a reversed belt rejects everything in the section, a trembling encoder does not', () => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, 'pass', 5);
    for (const encoder of [300, 290, 305, 290]) tracker.advance(encoder, lead);
    expect(tracker.drainFaults()).toEqual([]);
    for (const encoder of [300, 290, 284]) tracker.advance(encoder, lead);
    expect(tracker.drainFaults()).toEqual(['reverse']);
    for (const encoder of [600, 990]) tracker.advance(encoder, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('fault 18: a slow creep backwards is noticed as well', () => {
    const { tracker } = track([0]);
    for (const encoder of [300, 292, 284, 276]) tracker.advance(encoder, lead);
    expect(tracker.drainFaults()).toContain('reverse');
  });

  it('fault 19: two touching parts are both rejected', () => {
    const { tracker } = track([0, 100]);
    expect(tracker.drainFaults()).toEqual(['touching-parts']);
    expect(tracker.verdict(1, 0, 'pass', 5)).toBe('locked');
    expect(tracker.verdict(2, 100, 'pass', 5)).toBe('locked');
    tracker.advance(1000, lead);
    expect(tracker.acceptTravel() > 0).toBe(false);
  });

  it('fault 20: a part taken away is missing, and the parts behind it keep their own places', () => {
    const { tracker } = track([0, 400]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.verdict(2, 400, 'reject', 5);
    tracker.advance(1051, lead);
    expect(tracker.drainFaults()).toEqual(['missing-part']);
    tracker.gateEye(1400);
    tracker.binEye(2, 'reject');
    expect(tracker.drainOutcomes()).toMatchObject([
      { n: 1, gate: 'missing', fault: 'missing-part' },
      { n: 2, verdict: 'reject', gate: 'rejected' },
    ]);
  });

  it('fault 21: an extra part has no window and shuts the gate', () => {
    const { tracker } = track([0]);
    tracker.verdict(1, 0, 'pass', 5);
    tracker.advance(1000, lead);
    tracker.gateEye(1000);
    expect(tracker.acceptTravel() > 0).toBe(true);
    tracker.gateEye(1010);
    expect(tracker.acceptTravel() > 0).toBe(false);
    expect(tracker.drainFaults()).toEqual(['extra-part']);
  });

  it('fault 22: tells of a rejected part that is not seen in the bin, and of one in the wrong bin', () => {
    const { tracker } = track([0, 300]);
    for (const part of [1, 2]) tracker.verdict(part, (part - 1) * 300, 'reject', 5);
    tracker.advance(1000, lead);
    tracker.gateEye(1000);
    tracker.advance(1300, lead);
    tracker.gateEye(1300);
    tracker.binEye(2, 'accept');
    tracker.advance(1401, lead);
    expect(tracker.drainFaults()).toEqual(['escaped-part', 'unconfirmed-reject']);
  });

  it('does not track more parts than its bound', () => {
    const { tracker } = track([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600]);
    expect(tracker.drainFaults()).toEqual(['tracker-full']);
    expect(tracker.drainOutcomes()).toMatchObject([{ n: 9, fault: 'tracker-full' }]);
  });
});

describe('timing budget', () => {
  it('accepts the slow line of the worked example and refuses the fast one', () => {
    const timing = { latencyMs: 120, pollMs: 20, scanMs: 10, valveDelayMs: 0 };
    expect(timingBudget({ ...timing, cameraToGateMm: 600, beltMmPerS: 500 })).toEqual({
      availableMs: 1200,
      neededMs: 170,
      feasible: true,
    });
    expect(timingBudget({ ...timing, cameraToGateMm: 150, beltMmPerS: 2000 })).toMatchObject({
      availableMs: 75,
      feasible: false,
    });
  });
});

function track(encoders: readonly number[]) {
  const tracker = createPartTracker(geometry);
  encoders.forEach((encoder, index) => {
    tracker.enter({ n: index + 1, partSeq: index + 1, partId: `P${index + 1}`, encoder, recipeId: 1 });
  });
  let position = encoders[0] ?? 0;
  tracker.advance(position, lead);
  /** The belt moves on without jumps. */
  const advance = (encoder: number, leadCounts: number): void => {
    for (const step of steps(position, encoder)) tracker.advance(step, leadCounts);
    position = encoder;
  };
  return { tracker: { ...tracker, advance } };
}

/** Encoder values on the way, at most 100 counts apart. */
function steps(from: number, to: number): readonly number[] {
  const distance = encoderDistance(from, to);
  const count = Math.max(1, Math.ceil(Math.abs(distance) / 100));
  return Array.from({ length: count }, (_, index) => encoderAdd(from, (distance * (index + 1)) / count));
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConveyor } from './conveyor.js';

const options = { countsPerMm: 10, beltMmPerS: 500, startMs: 0 };

describe('createConveyor', () => {
  it('counts ten a millimetre while it runs and nothing while it stands', () => {
    const belt = createConveyor(options);
    belt.advance(1000);
    expect(belt.encoder).toBe(0);
    belt.setRunning(true);
    belt.advance(1200);
    expect(belt.positionMm).toBeCloseTo(100);
    expect(belt.encoder).toBe(1000);
    belt.setRunning(false);
    belt.advance(9000);
    expect(belt.encoder).toBe(1000);
  });

  it('wraps the encoder at 2^32 in both directions', () => {
    const belt = createConveyor({ ...options, startEncoder: 0xffff_ff00 });
    belt.setRunning(true);
    belt.advance(100);
    expect(belt.encoder).toBe(500 - 256);
    belt.setSpeedFactor(-1);
    belt.advance(200);
    expect(belt.encoder).toBe(0xffff_ff00);
    const low = createConveyor(options);
    low.setRunning(true);
    low.setSpeedFactor(-1);
    low.advance(10);
    expect(low.encoder).toBe(2 ** 32 - 50);
  });

  it('latches what the encoder read at an edge that already passed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.double({ min: 0, max: 300, noNaN: true }),
        (start, overshootMs) => {
          const belt = createConveyor({ ...options, startEncoder: start });
          belt.setRunning(true);
          belt.advance(200 + overshootMs);
          expect(Math.abs((belt.encoderAt(100) - ((start + 1000) >>> 0)) | 0)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('misses the travel that slips', () => {
    const belt = createConveyor(options);
    belt.setRunning(true);
    belt.setSlip(0.15);
    belt.advance(1000);
    expect(belt.positionMm).toBeCloseTo(500);
    expect(belt.encoder).toBe(4250);
  });

  it('tells when it will be somewhere, and that it never will', () => {
    const belt = createConveyor(options);
    expect(belt.msUntil(100)).toBeUndefined();
    belt.setRunning(true);
    expect(belt.msUntil(100)).toBeCloseTo(200);
    belt.setSpeedFactor(2.5);
    expect(belt.msUntil(100)).toBeCloseTo(80);
    belt.setSpeedFactor(-1);
    expect(belt.msUntil(100)).toBeUndefined();
  });

  it('never moves when time goes back', () => {
    const belt = createConveyor(options);
    belt.setRunning(true);
    belt.advance(1000);
    belt.advance(500);
    expect(belt.positionMm).toBeCloseTo(500);
  });
});

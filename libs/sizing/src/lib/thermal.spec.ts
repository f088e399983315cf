import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleTargets, slopeTarget, stepsTarget } from '../testing/sample-plan.js';
import { assumedFrom, resolveAssumptions } from './assumptions.js';
import { airCelsius, thermalShare, type Enclosure } from './thermal.js';

const assumptions = resolveAssumptions({});
const assumed = assumedFrom(assumptions);
const shareAt = (ambientCelsius: number, enclosure: Enclosure, target = slopeTarget): number =>
  thermalShare(target, airCelsius({ ambientCelsius, enclosure }, assumed), assumed).value;

describe('thermalShare', () => {
  it('loses the 30 to 40 % of the field in a sealed box at 45 °C: 31 % with 5 K in the box, 38 % with 10 K', () => {
    expect(1 - shareAt(45, 'sealed')).toBeCloseTo(0.38, 2);
    expect(1 - shareAt(45, 'vented')).toBeCloseTo(0.31, 2);
    expect(1 - shareAt(45, 'open')).toBeCloseTo(0.25, 2);
  });

  it('gives the published speed where it was published, and never more in the cold', () => {
    expect(shareAt(25, 'open')).toBe(1);
    expect(shareAt(-20, 'sealed')).toBe(1);
  });

  it('leaves nothing at the throttle point', () => {
    expect(shareAt(75, 'sealed')).toBe(0);
  });

  it('steps a clock down by the temperature of its chip, and stops', () => {
    expect(shareAt(25, 'open', stepsTarget)).toBe(1);
    expect(shareAt(45, 'sealed', stepsTarget)).toBe(0.875);
    expect(shareAt(50, 'sealed', stepsTarget)).toBe(0.5);
    expect(shareAt(60, 'sealed', stepsTarget)).toBe(0);
  });

  it('takes the assumed slope, and says so, where a target publishes none', () => {
    const air = airCelsius({ ambientCelsius: 45, enclosure: 'sealed' }, assumed);
    const share = thermalShare({ id: 'silent', thermal: null }, air, assumed);
    expect(share.value).toBeCloseTo(0.62, 2);
    expect(share.uses).toContain('thermal.throttle');
  });

  it('is never faster where it is hotter, or the box is closed', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 80, noNaN: true }),
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.constantFrom(...sampleTargets),
        (celsius, more, target) => {
          expect(shareAt(celsius + more, 'open', target)).toBeLessThanOrEqual(shareAt(celsius, 'open', target));
          expect(shareAt(celsius, 'sealed', target)).toBeLessThanOrEqual(shareAt(celsius, 'vented', target));
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hardwareSchema, inferencesPerSecond, reachedTops, thermalShare, type Speed } from './hardware.js';
import { kpiVerdict } from './kpi.js';

const speed = (change: Partial<Speed>): Speed => ({
  ...{ model: 'm', input: '640x640', precision: 'int8', device: 'd', runtime: 'r', batch: 1, statistic: 'mean' },
  ...{ gigaOperations: 8.74, operationsSource: 's', label: 'published', source: 's' },
  ...change,
});
const slope = {
  kind: 'slope',
  throttleCelsius: 85,
  shutdownCelsius: 97,
  ratedAmbientCelsius: 25,
  exponent: 0.7,
} as const;

describe('reachedTops', () => {
  it('is operations times inferences a second, as worked out by hand', () => {
    const tops = { value: { marketed: 13, basis: 'INT8' }, source: 's' };
    const reached = reachedTops({ tops, speeds: [speed({ perSecond: 181 }), speed({ perSecond: 465, batch: 8 })] });
    expect(reached.map((each) => each.tops.toFixed(2))).toEqual(['1.58', '4.06']);
    expect(reached.map((each) => each.share?.toFixed(2))).toEqual(['0.12', '0.31']);
  });

  it('leaves out speeds whose operations nobody says, and shares of a figure that is unknown', () => {
    const unknown = speed({ milliseconds: 5, gigaOperations: null, operationsSource: undefined });
    const tops = { unknown: 'not sold by it' };
    expect(reachedTops({ tops, speeds: [unknown, speed({ teraOperations: 38 })] })).toMatchObject([
      { tops: 38, share: null },
    ]);
    expect(inferencesPerSecond(speed({ milliseconds: 20, batch: 4 }))).toBe(200);
    expect(inferencesPerSecond(speed({ teraOperations: 38 }))).toBeNull();
  });
});

describe('thermalShare', () => {
  it('loses 30 to 40 % in a sealed box at 45 °C', () => {
    expect(1 - (thermalShare(slope, 45, 0) ?? 0)).toBeCloseTo(0.247, 3);
    expect(1 - (thermalShare(slope, 45, 5) ?? 0)).toBeCloseTo(0.314, 3);
    expect(1 - (thermalShare(slope, 45, 10) ?? 0)).toBeCloseTo(0.384, 3);
  });

  it('is never faster when it is hotter, and stays between 0 and 1', () => {
    const celsius = fc.double({ min: -40, max: 120, noNaN: true });
    fc.assert(
      fc.property(celsius, celsius, fc.double({ min: 0, max: 40, noNaN: true }), (a, b, rise) => {
        const [cool, hot] = [Math.min(a, b), Math.max(a, b)].map((ambient) => thermalShare(slope, ambient, rise) ?? -1);
        return cool !== undefined && hot !== undefined && hot <= cool && hot >= 0 && cool <= 1;
      }),
    );
  });

  it('says nothing of a device that steps its clock', () => {
    const steps = { kind: 'steps', steps: [{ fromCelsius: 104, clockShare: 0.5 }], stopCelsius: 120 } as const;
    expect(thermalShare(steps, 45, 0)).toBeNull();
  });
});

describe('hardwareSchema', () => {
  it('refuses a speed with two figures, a measured one without its report, a low price above the high one', () => {
    const wrong = {
      speeds: [speed({ milliseconds: 1, perSecond: 2 }), speed({ perSecond: 2, label: 'measured-here' })],
      price: { value: { currency: 'EUR', low: 9, high: 5, date: '2026-11-23', of: 'a module' }, source: 's' },
    };
    const messages = hardwareSchema
      .safeParse(wrong)
      .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    expect(messages).toEqual(
      expect.arrayContaining([
        'speeds.0.milliseconds give one of milliseconds, perSecond and teraOperations',
        'speeds.1.report goes with the label measured-here, and only with it',
      ]),
    );
  });
});

describe('kpiVerdict', () => {
  it('passes at the limit, misses beyond it, and knows when nothing was measured', () => {
    expect(kpiVerdict({ comparison: 'at-most', limit: 12 }, 12)).toBe('passed');
    expect(kpiVerdict({ comparison: 'at-most', limit: 12 }, 37)).toBe('missed');
    expect(kpiVerdict({ comparison: 'at-least', limit: 0.9 }, 0.912)).toBe('passed');
    expect(kpiVerdict({ comparison: 'at-least', limit: 5 }, 3)).toBe('missed');
    expect(kpiVerdict({ comparison: 'at-least', limit: 5 }, undefined)).toBe('not measured');
  });
});

import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { samplePlan } from '../testing/sample-plan.js';
import { parsePlan } from './parse-plan.js';

const vocabulary = {
  blueprints: ['inspection'],
  targets: ['slope', 'steps'],
  unknownName: (kind: string, wanted: string) => `there is no ${kind} "${wanted}"`,
};
const refusalOf = (input: unknown): string => {
  try {
    parsePlan(input, 'plan.json', vocabulary);
  } catch (error) {
    expect(errorCode(error)).toBe('plan.invalid');
    return errorMessage(error);
  }
  return expect.fail('was accepted');
};

describe('parsePlan', () => {
  it('takes a plan that is right', () => {
    expect(parsePlan(JSON.parse(JSON.stringify(samplePlan)), 'plan.json', vocabulary)).toEqual(samplePlan);
  });

  it('tells every problem of fields and between fields at once', () => {
    const { start: _start, ...rest } = samplePlan;
    const told = refusalOf({
      ...rest,
      blueprint: 'inspektion',
      currency: 'Euro',
      colour: 'blue',
      sites: [{ ...samplePlan.sites[0], country: 'west', ambientCelsius: 900 }, samplePlan.sites[0]],
      options: [{ target: 'slop', cores: 0 }],
      choice: 'steps',
      assumptions: { 'capacity.hedroom': { value: 1, kind: 'measured', source: 'us', date: '2027-01-01' } },
    });
    for (const problem of [
      /^\d+ problem\(s\) in plan\.json/,
      /^start: /m,
      /^currency: a three-letter code/m,
      /^plan: Unrecognized key: "colour"/m,
      /^sites\.0\.ambientCelsius: /m,
      /^options\.0\.cores: /m,
      /^blueprint: there is no blueprint "inspektion"/m,
      /^sites\.0\.country: there is no country "west"/m,
      /^options\.0\.target: there is no target "slop"/m,
      /^choice: there is no option "steps"/m,
      /^assumptions\.capacity\.hedroom: there is no assumption/m,
      /^sites: "a" stands more than once/m,
      /^assumptions\.capacity\.hedroom\.date: 2027-01-01 is after the day of the plan/m,
    ])
      expect(told).toMatch(problem);
  });

  it('refuses a price without a day, and a range that does not hold its value', () => {
    const told = refusalOf({
      ...samplePlan,
      prices: {
        hub: { value: 5, kind: 'quotation', source: 'a letter' },
        label: { ...samplePlan.prices.label, low: 9 },
      },
    });
    expect(told).toMatch(/^prices\.hub\.date: /m);
    expect(told).toMatch(/^prices\.label\.low: low, value and high must be in this order/m);
  });

  it('refuses values that no formula can take', () => {
    const own = (value: number) => ({ value, kind: 'estimate', source: 'a guess', date: '2026-11-01' });
    const told = refusalOf({
      ...samplePlan,
      assumptions: { 'capacity.headroom': own(1), 'reliability.mtbf': own(0), 'thermal.throttle': own(20) },
      cloud: { ...samplePlan.cloud, serverPicturesPerSecond: own(0) },
    });
    expect(told).toMatch(/^assumptions\.capacity\.headroom: is a share; must be at most 0\.95/m);
    expect(told).toMatch(/^assumptions\.reliability\.mtbf: must be above 0/m);
    expect(told).toMatch(/^assumptions\.thermal\.throttle: must be above 50 °C/m);
    expect(told).toMatch(/^cloud\.serverPicturesPerSecond: must be above 0/m);
  });

  it.each([null, 5, 'plan', []])('refuses %j', (input) => {
    expect(refusalOf(input)).toMatch(/^plan: /m);
  });
});

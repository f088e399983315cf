import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactly, money, samplePlan, sampleTargets, slopeTarget } from '../testing/sample-plan.js';
import { assumedFrom, resolveAssumptions } from './assumptions.js';
import { estimate, type FittingOption } from './estimate.js';
import type { Figure } from './figure.js';
import { chosenOption, makePlan } from './plan.js';
import type { PlanInput } from './plan-input.js';

const plan = makePlan(samplePlan, sampleTargets);
const work = (input: PlanInput, changed = {}) =>
  estimate(input, sampleTargets, assumedFrom(resolveAssumptions(input.assumptions), changed));
const option = (found: ReturnType<typeof work>, id = 'slope'): FittingOption => {
  const one = found.options.find(({ target }) => target.id === id);
  if (one?.fits !== true) return expect.fail(`${id} does not fit`);
  return one;
};
const withSites = (change: (site: PlanInput['sites'][number]) => Partial<PlanInput['sites'][number]>): PlanInput => ({
  ...samplePlan,
  sites: samplePlan.sites.map((site) => ({ ...site, ...change(site) })),
});

describe('makePlan', () => {
  it('gives the same figures as when they were last looked at', async () => {
    await expect(`${JSON.stringify(plan, nineDigits, 2)}\n`).toMatchFileSnapshot('../testing/sample-plan.golden.json');
  });

  it('plans with the cheapest that fits, unless the plan names one', () => {
    expect(plan.chosen).toBe('steps');
    expect(makePlan({ ...samplePlan, choice: 'slope' }, sampleTargets).chosen).toBe('slope');
  });

  it('adds categories and years up to the same sum', () => {
    const cost = chosenOption(plan)?.cost;
    const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
    expect(sum(Object.values(cost?.byCategory ?? {}))).toBeCloseTo(cost?.total ?? Number.NaN, 6);
    expect(sum(cost?.byYear ?? [])).toBeCloseTo(cost?.total ?? Number.NaN, 6);
  });

  it('gives no sum while a quotation is missing, and names what to ask for', () => {
    const { price: _price, ...rest } = samplePlan.options[0] ?? expect.fail();
    const found = makePlan(
      { ...samplePlan, options: [rest], prices: { ...samplePlan.prices, hub: undefined } },
      sampleTargets,
    );
    expect(chosenOption(found)).toMatchObject({ cost: undefined, missing: ['options.slope.price', 'prices.hub'] });
    expect(found.sensitivity).toEqual([]);
  });

  it('names in every figure only assumptions, inputs and facts that there are, and uses every assumption', () => {
    const used = new Set(figuresIn(plan).flatMap(({ uses }) => uses));
    const keys = plan.assumptions.map(({ key }) => key);
    const inputs = [...used]
      .filter((use) => use.startsWith('input:'))
      .map((use) => use.slice('input:'.length).split('.'));
    for (const path of inputs) expect(path.reduce<unknown>(partOf, plan.input), path.join('.')).toBeDefined();
    expect([...used].filter((use) => !/^(input|target):/.test(use) && !keys.some((key) => key === use))).toEqual([]);
    const silent = [{ ...slopeTarget, thermal: null, power: null }];
    const fog = estimate({ ...samplePlan, pattern: 'fog' }, silent, assumedFrom(plan.assumptions));
    const serial = work(withWorkload({ pipeline: 'serial', environment: 'mobile' }));
    const boxes = (['open', 'conditioned'] as const).map((enclosure) => work(withSites(() => ({ enclosure }))));
    for (const each of [fog, serial, ...boxes])
      for (const { uses } of figuresIn(each)) for (const use of uses) used.add(use);
    for (const { uses } of plan.timeline.phases) for (const use of uses) used.add(use);
    const elsewhere = ['cost.discount', 'cost.price-age'];
    expect(keys.filter((key) => !used.has(key) && !elsewhere.includes(key))).toEqual([]);
  });

  it('moves each figure of the tornado alone, widest first, and tells which turns the decision', () => {
    const widths = plan.sensitivity.map((each) =>
      Math.abs((each.edgeAtHigh ?? 0) - (each.cloudAtHigh ?? 0) - (each.edgeAtLow ?? 0) + (each.cloudAtLow ?? 0)),
    );
    const whole = widths.filter(
      (_, i) => plan.sensitivity[i]?.edgeAtLow !== null && plan.sensitivity[i]?.edgeAtHigh !== null,
    );
    expect(whole).toEqual([...whole].sort((a, b) => b - a));
    expect(plan.sensitivity.map(({ key }) => key)).toContain('input:options.steps.price');
    const wide = { ...money(900), low: 1, high: 1e6 };
    const torn = makePlan({ ...samplePlan, options: [{ target: 'slope', cores: 6, price: wide }] }, [slopeTarget]);
    expect(torn.sensitivity[0]).toMatchObject({ key: 'input:options.slope.price', turnsDecision: true });
    // Labels cost the same on both sides: they move no decision.
    expect(plan.sensitivity.map(({ key }) => key)).not.toContain('operations.labels');
  });

  it('replaces all devices when their life is over, and buys for the rest of the plan before the last sale', () => {
    const { lifecycle, fleet } = option(work({ ...samplePlan, choice: 'slope' }));
    expect(lifecycle.years.map(({ wornOut }) => wornOut)).toEqual([0, 0, 0, 0, fleet.devices.value, 0]);
    expect(lifecycle.years.map(({ sold }) => sold)).toEqual([true, true, false, false, false, false]);
    expect(lifecycle.lastTimeBuy).toBe(Math.ceil(fleet.devices.value + 4 * fleet.failuresPerYear.value));
  });

  it('keeps the pilot between 5 and 20 stations and starts production after the lead time', () => {
    expect(plan.timeline.phases).toHaveLength(6);
    expect(plan.timeline.pilotStations.value).toBe(5);
    expect(
      makePlan({ ...withSites(() => ({ stations: 5000 })), prices: {} }, sampleTargets).timeline.pilotStations.value,
    ).toBe(20);
    expect(plan.timeline.waves[0]?.fromWeek).toBeCloseTo(2 + 4 + 6 + 10 + 6, 9);
  });

  it('refuses a target whose speed nobody published, instead of guessing it from TOPS', () => {
    const strange = makePlan(
      withWorkload({ model: { ...samplePlan.workload.model, name: 'Strange', standIns: [] } }),
      sampleTargets,
    );
    expect(strange.chosen).toBeNull();
    expect(strange.options[0]).toMatchObject({ fits: false, refused: [expect.stringMatching(/measure it/)] });
  });

  it('scales up by operations within a family, never down, and takes an own measurement before all', () => {
    const s = makePlan(
      withWorkload({
        model: { ...samplePlan.workload.model, name: 'YOLO11s', gigaOperations: exactly(21.5), standIns: [] },
      }),
      [slopeTarget],
    );
    expect(chosenOption(s)?.fleet.anchor).toMatchObject({ kind: 'scaled' });
    expect(chosenOption(s)?.fleet.anchor.pictureMs.value).toBeCloseTo((4.37 * 21.5) / 6.5, 6);
    const own = makePlan(
      { ...samplePlan, options: [{ target: 'slope', cores: 6, pictureMs: exactly(7) }] },
      sampleTargets,
    );
    expect(own.options[0]).toMatchObject({ fleet: { anchor: { kind: 'own', pictureMs: { value: 7 } } } });
  });

  it('calls the edge needed for a deadline that no cloud meets, and a matter of cost where nothing speaks against it', () => {
    expect(makePlan({ ...withWorkload({ deadlineMs: 100 }), prices: {} }, sampleTargets).useCase.edge).toBe('needed');
    const relaxed = withWorkload({ deadlineMs: 60_000, outageToleratedMinutes: 600, shows: 'nothing protected' });
    expect(makePlan({ ...relaxed, prices: {} }, sampleTargets).useCase.edge).toBe('a matter of cost');
  });
});

describe('properties of every plan', () => {
  const share = fc.double({ min: 0, max: 0.9, noNaN: true });
  const pattern = fc.constantFrom('on-device' as const, 'fog' as const, 'hybrid' as const);
  const target = fc.constantFrom('slope', 'steps');

  it('more stations never cost less, at the edge or in the cloud', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 200 }),
        pattern,
        (stations, more, how) => {
          const few = work({ ...withSites(() => ({ stations })), pattern: how });
          const many = work({
            ...withSites((site) => ({ stations: stations + (site.id === 'a' ? more : 0) })),
            pattern: how,
          });
          expect(many.chosen?.cost?.total ?? Number.NaN).toBeGreaterThanOrEqual(
            (few.chosen?.cost?.total ?? Number.NaN) - 1e-6,
          );
          expect(many.cloud.cost?.total ?? Number.NaN).toBeGreaterThanOrEqual(
            (few.cloud.cost?.total ?? Number.NaN) - 1e-6,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hotter is never faster, never takes fewer devices and never fails less', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 45, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        pattern,
        (celsius, more, how) => {
          const [cool, hot] = [celsius, celsius + more].map((ambientCelsius) =>
            option(work({ ...withSites(() => ({ ambientCelsius })), pattern: how })),
          );
          expect(hot?.fleet.sites[0]?.capacity.cameras.value).toBeLessThanOrEqual(
            cool?.fleet.sites[0]?.capacity.cameras.value ?? 0,
          );
          expect(hot?.fleet.devices.value).toBeGreaterThanOrEqual(cool?.fleet.devices.value ?? Number.NaN);
          expect(hot?.fleet.failuresPerYear.value).toBeGreaterThanOrEqual(
            cool?.fleet.failuresPerYear.value ?? Number.NaN,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('more headroom never takes fewer devices', () => {
    fc.assert(
      fc.property(share, share, pattern, target, (one, other, how, id) => {
        const [little, much] = [Math.min(one, other), Math.max(one, other)].map((headroom) =>
          work({ ...samplePlan, pattern: how }, { 'capacity.headroom': headroom }).options.find(
            (each) => each.target.id === id,
          ),
        );
        // What does not fit with more headroom counts as endless devices.
        const devices = (of: typeof little): number => (of?.fits === true ? of.fleet.devices.value : Number.MAX_VALUE);
        expect(devices(much)).toBeGreaterThanOrEqual(devices(little));
      }),
      { numRuns: 60 },
    );
  });

  it('what is promised is kept: the oldest picture is decided before its deadline', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 2000 }),
        fc.integer({ min: 1, max: 30 }),
        (deadlineMs, picturesPerSecond) => {
          const found = work(withWorkload({ deadlineMs, picturesPerSecond }));
          for (const each of found.options)
            if (each.fits)
              for (const { capacity } of each.fleet.sites)
                expect(capacity.ageMs.value).toBeLessThanOrEqual(deadlineMs + 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Powers and exponentials differ in their last digits between machines. */
function nineDigits(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value;
}

function withWorkload(changed: Partial<PlanInput['workload']>): PlanInput {
  return { ...samplePlan, workload: { ...samplePlan.workload, ...changed } };
}

/** A part by its key, or of a list by its id. */
function partOf(part: unknown, key: string): unknown {
  if (typeof part !== 'object' || part === null) return undefined;
  if (!Array.isArray(part)) return Object.entries(part).find(([name]) => name === key)?.[1];
  return part.find((each: { id?: string; target?: string }) => each.id === key || each.target === key);
}

function figuresIn(part: unknown): readonly Pick<Figure, 'uses'>[] {
  if (typeof part !== 'object' || part === null) return [];
  const uses = 'uses' in part && Array.isArray(part.uses) ? [{ uses: part.uses.map(String) }] : [];
  return [...uses, ...Object.values(part).flatMap(figuresIn)];
}

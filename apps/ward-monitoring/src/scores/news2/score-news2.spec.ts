import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type News2Inputs, type News2Parameter, news2Parameters } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OracleSet, oracleInterval } from '../../testing/news2-oracle.js';
import { completeInputs, known, news2Vectors } from '../../testing/news2-vectors.js';
import { bandOf } from './clinical-response.js';
import { requireNews2Person } from './eligibility.js';
import { scoreNews2 } from './score-news2.js';

const base = completeInputs('16', '97', 1, 'air', '120', '70', 'A', '37.0');
const missing = { known: false, why: 'not-measured' } as const;

function masked(inputs: News2Inputs, mask: number): News2Inputs {
  const hidden = news2Parameters.filter((_, place) => (mask & (1 << place)) !== 0);
  return { ...inputs, ...Object.fromEntries(hidden.map((parameter) => [parameter, missing])) };
}

const decimal = (tenths: number): string => `${Math.trunc(tenths / 10)}.${tenths % 10}`;
const plausibleSet = fc.record({
  rr: fc.integer({ min: 1, max: 80 }),
  spo2: fc.integer({ min: 50, max: 100 }),
  scale2: fc.boolean(),
  oxygen: fc.boolean(),
  sbp: fc.integer({ min: 30, max: 300 }),
  pulse: fc.integer({ min: 1, max: 300 }),
  alert: fc.boolean(),
  temp: fc.integer({ min: 250, max: 450 }),
});
type Set = Required<{ [K in keyof OracleSet]: Exclude<OracleSet[K], undefined> }>;
const inputsOf = (s: Set): News2Inputs =>
  completeInputs(
    String(s.rr),
    String(s.spo2),
    s.scale2 ? 2 : 1,
    s.oxygen ? 'oxygen' : 'air',
    String(s.sbp),
    String(s.pulse),
    s.alert ? 'A' : 'V',
    decimal(s.temp),
  );

describe('NEWS2 of a complete set', () => {
  it.each(news2Vectors)('$id', ({ inputs, points, total, band }) => {
    const score = scoreNews2(inputs);
    expect(score.subScores.map((part) => part.points)).toEqual(points);
    expect(score).toMatchObject({ total, lo: total, hi: total, complete: true, band, cannotExclude: band });
    expect(score.red).toEqual(news2Parameters.filter((_, place) => points[place] === 3));
  });

  it('has every vector of the table', () => expect(news2Vectors).toHaveLength(70));

  it.each([
    ['M08', { respiration: '8.5' }, 3],
    ['M09', { respiration: '11.5' }, 1],
    ['M10', { respiration: '20.5' }, 2],
    ['M11', { oxygenSaturation: '91.5' }, 3],
    ['M12', { oxygenSaturation: '91.6' }, 2],
    ['M13 just below the tie', { pulse: '130.4' }, 2],
    ['M13', { pulse: '130.5' }, 3],
    ['M14', { temperature: '35.05' }, 3],
    ['M15 just below the tie', { temperature: '38.04' }, 0],
    ['M15', { temperature: '38.05' }, 1],
    ['M24', { consciousness: 'C' }, 3],
    ['a tie that is one only in digits', { temperature: '35.0500000000000000001' }, 1],
  ])('rounds before it scores: %s', (_, change, total) => {
    const inputs = {
      ...base,
      ...Object.fromEntries(Object.entries(change).map(([name, value]) => [name, known(value)])),
    };
    expect(scoreNews2(inputs).total).toBe(total);
  });

  it('changes its points exactly at the edges of the chart', () => {
    const edges = (parameter: News2Parameter, from: number, to: number, text: (n: number) => string, inputs = base) => {
      const points = (n: number) =>
        scoreNews2({ ...inputs, [parameter]: known(text(n)) }).subScores.find((part) => part.parameter === parameter)
          ?.points;
      return Array.from({ length: to - from }, (_, i) => from + i + 1).filter((n) => points(n) !== points(n - 1));
    };
    expect(edges('respiration', 1, 80, String)).toEqual([9, 12, 21, 25]);
    expect(edges('systolic', 30, 300, String)).toEqual([91, 101, 111, 220]);
    expect(edges('pulse', 1, 300, String)).toEqual([41, 51, 91, 111, 131]);
    expect(edges('temperature', 250, 450, decimal)).toEqual([351, 361, 381, 391]);
    expect(edges('oxygenSaturation', 50, 100, String)).toEqual([92, 94, 96]);
    expect(edges('oxygenSaturation', 50, 100, String, { ...base, scale: 2 })).toEqual([84, 86, 88]);
    const onOxygen = { ...base, scale: 2, supplementalOxygen: known<'oxygen'>('oxygen') } as const;
    expect(edges('oxygenSaturation', 50, 100, String, onOxygen)).toEqual([84, 86, 88, 93, 95, 97]);
  });

  it('differs by 2 between air and oxygen on scale 2 up to 92 %, and not by the scale where SpO2 is missing', () => {
    fc.assert(
      fc.property(plausibleSet, (set) => {
        const total = (oxygen: boolean, scale2: boolean) => scoreNews2(inputsOf({ ...set, oxygen, scale2 })).lo;
        if (set.spo2 <= 92) expect(total(true, true) - total(false, true)).toBe(2);
        const without = { ...inputsOf(set), oxygenSaturation: missing };
        const { lo, hi } = scoreNews2({ ...without, scale: 1 });
        expect(scoreNews2({ ...without, scale: 2 })).toMatchObject({ lo, hi });
      }),
      { seed: 1 },
    );
  });
});

describe('NEWS2 of an incomplete set', () => {
  const only = (change: Partial<News2Inputs>): News2Inputs => ({ ...base, ...change });
  it.each([
    ['M01', only({ systolic: missing }), 0, 3, [], 'low', 'low-medium'],
    ['M02', only({ respiration: known('25'), consciousness: missing }), 3, 6, ['respiration'], 'low-medium', 'medium'],
    [
      'M03',
      {
        ...completeInputs('22', '93', 1, 'oxygen', '120', '115', 'A', '38.5'),
        systolic: missing,
        consciousness: missing,
      },
      9,
      15,
      [],
      'high',
      'high',
    ],
    ['M04', masked(base, 0b1101101), 0, 14, [], 'insufficient', 'high'],
    ['M05', only({ oxygenSaturation: known('95'), scale: 2, supplementalOxygen: missing }), 0, 4, [], 'low', 'low'],
    ['M06', only({ supplementalOxygen: missing }), 0, 2, [], 'low', 'low'],
    [
      'M07',
      only({ oxygenSaturation: known('94'), scale: 2, supplementalOxygen: missing, respiration: known('25') }),
      3,
      6,
      ['respiration'],
      'low-medium',
      'medium',
    ],
    ['M16', only({ oxygenSaturation: known('101') }), 0, 3, [], 'low', 'low-medium'],
    ['M17', only({ oxygenSaturation: known('0') }), 0, 3, [], 'low', 'low-medium'],
    ['M18', only({ temperature: known('98.6') }), 0, 3, [], 'low', 'low-medium'],
    ['M19', only({ systolic: known('0') }), 0, 3, [], 'low', 'low-medium'],
    ['M21', only({ pulse: known('0') }), 0, 3, [], 'low', 'low-medium'],
  ] as const)('%s', (_, inputs, lo, hi, red, band, cannotExclude) => {
    const score = scoreNews2(inputs);
    expect(score).toMatchObject({ lo, hi, red, band, cannotExclude, complete: false });
    expect(score).not.toHaveProperty('total');
  });

  it('says why a value was not scored', () => {
    const why = (change: Partial<News2Inputs>) =>
      scoreNews2(only(change)).subScores.flatMap(({ missing: m }) => m ?? []);
    expect(why({ oxygenSaturation: known('101') })).toEqual(['implausible']);
    expect(why({ temperature: known('98.6') })).toEqual(['unit-fault']);
    expect(why({ temperature: known('50') })).toEqual(['implausible']);
    expect(why({ pulse: known('0') })).toEqual(['no-pulse-or-apnoea']);
    expect(why({ respiration: known('0.4') })).toEqual(['no-pulse-or-apnoea']);
    expect(why({ systolic: { known: false, why: 'stale', lastValue: '120', ageMs: 1 } })).toEqual(['stale']);
  });

  it('contains the total for each mask of each vector, as the second encoding of the chart says', () => {
    for (const { inputs, total } of news2Vectors)
      for (let mask = 0; mask < 128; mask += 1) {
        const { lo, hi, complete, total: shown } = scoreNews2(masked(inputs, mask));
        if (lo > total || hi < total || complete !== (mask === 0) || (shown === undefined) !== (mask !== 0))
          expect.unreachable(`mask ${mask} of ${JSON.stringify(inputs)}: ${lo} to ${hi}, total ${total}`);
      }
  });

  it('agrees with the second encoding on random sets, and its parts add up', () => {
    fc.assert(
      fc.property(plausibleSet, fc.integer({ min: 0, max: 127 }), (set, mask) => {
        const score = scoreNews2(masked(inputsOf(set), mask));
        const names = ['rr', 'spo2', 'oxygen', 'sbp', 'pulse', 'alert', 'temp'] as const;
        const hidden = Object.fromEntries(
          names.flatMap((name, i) => ((mask & (1 << i)) === 0 ? [] : [[name, undefined]])),
        );
        expect([score.lo, score.hi]).toEqual(oracleInterval({ ...set, ...hidden }));
        expect(score.subScores.reduce((sum, part) => sum + part.lo, 0)).toBe(score.lo);
        expect(score.hi).toBeLessThanOrEqual(20);
        if (score.band === 'zero') expect(score.total).toBe(0);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

it('refuses children and pregnant people, and text that is no number', () => {
  expect(() => requireNews2Person({ ageYears: 15, pregnant: false })).toThrow(
    expect.objectContaining({ code: 'news2.age' }),
  );
  expect(() => requireNews2Person({ ageYears: NaN, pregnant: false })).toThrow(
    expect.objectContaining({ code: 'news2.age' }),
  );
  expect(() => requireNews2Person({ ageYears: 30, pregnant: true })).toThrow(
    expect.objectContaining({ code: 'news2.pregnancy' }),
  );
  requireNews2Person({ ageYears: 16, pregnant: false });
  for (const text of ['', 'NaN', '1e2', '12,5', ' 12', '12.'])
    expect(() => scoreNews2({ ...base, pulse: known(text) })).toThrow(
      expect.objectContaining({ code: 'news2.decimal' }),
    );
});

it('gives the same bytes for the same inputs', () =>
  expect(JSON.stringify(scoreNews2(base))).toBe(JSON.stringify(scoreNews2({ ...base }))));

const shared = process.env['EDGE_DATA'] ?? join(import.meta.dirname, '../../../../../../shared/data');
const reference = join(shared, 'news2-reference');
describe.skipIf(!existsSync(reference))('the reference set of NEWS2 (EDGE_DATA)', () => {
  it.each([
    ['boundary_vectors.csv', 92],
    ['case_vectors.csv', 400],
  ])('%s: every row', (file, rows) => {
    const lines = readFileSync(join(reference, file), 'utf8').trim().split('\n').slice(1);
    expect(lines).toHaveLength(rows);
    for (const line of lines) {
      const [, rr = '', spo2 = '', scale, o2, sbp = '', pulse = '', level, temp = '', ...rest] = line.split(',');
      const consciousness = (['A', 'C', 'V', 'P', 'U'] as const).find((one) => one === level) ?? 'A';
      const breathing = o2 === 'air' ? 'air' : 'oxygen';
      const score = scoreNews2(
        completeInputs(rr, spo2, scale === '2' ? 2 : 1, breathing, sbp, pulse, consciousness, temp),
      );
      expect([...score.subScores.map(({ points }) => String(points)), String(score.total)], line).toEqual(
        rest.slice(0, 8),
      );
      expect(score.band === 'zero' ? 'low' : score.band, line).toBe(rest[8]);
    }
  });

  it('the chart as data, band by band', () => {
    const chart: unknown = JSON.parse(readFileSync(join(reference, 'news2_chart.json'), 'utf8'));
    const bandsOf = (name: string): readonly (readonly [number | null, number | null, number])[] =>
      Object.entries(chart ?? {}).find(([key]) => key === name)?.[1];
    const check = (
      name: string,
      parameter: News2Parameter,
      inputs: News2Inputs,
      step: number,
      ends: readonly [number, number],
    ) => {
      for (const [min, max, points] of bandsOf(name))
        for (let n = Math.round((min ?? ends[0]) / step); n <= Math.round((max ?? ends[1]) / step); n += 1) {
          const part = scoreNews2({ ...inputs, [parameter]: known(step === 1 ? String(n) : decimal(n)) }).subScores;
          expect(part.find((one) => one.parameter === parameter)?.points, `${name} ${n}`).toBe(points);
        }
    };
    check('respiratory_rate_per_min', 'respiration', base, 1, [1, 80]);
    check('spo2_scale1_percent', 'oxygenSaturation', base, 1, [50, 100]);
    check('spo2_scale2_percent_on_air', 'oxygenSaturation', { ...base, scale: 2 }, 1, [50, 100]);
    const onOxygen = { ...base, scale: 2, supplementalOxygen: known<'oxygen'>('oxygen') } as const;
    check('spo2_scale2_percent_on_oxygen', 'oxygenSaturation', onOxygen, 1, [50, 100]);
    check('systolic_bp_mmHg', 'systolic', base, 1, [30, 300]);
    check('pulse_per_min', 'pulse', base, 1, [1, 300]);
    check('temperature_C', 'temperature', base, 0.1, [25, 45]);
  });

  it('the published example adds up as the bands do', () => {
    const example = JSON.parse(readFileSync(join(reference, 'published_example.json'), 'utf8'));
    const published = scoreNews2(completeInputs('22', '93', 1, 'air', '120', '100', 'A', '38.5'));
    expect(published.total).toBe(example.total);
    expect(published.subScores.map(({ points }) => points)).toEqual(
      ['respiration_rate', 'spo2_scale1', 'air_or_oxygen', 'systolic_bp', 'pulse', 'consciousness', 'temperature'].map(
        (name) => example.subscores[name],
      ),
    );
    expect(bandOf(example.total, false)).toBe('medium');
  });
});

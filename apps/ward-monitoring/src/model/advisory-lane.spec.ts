import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmConfigSchema } from '../alarms/alarm-config.js';
import { applyInput } from '../alarms/apply-input.js';
import { conditionInputSchema, type EngineInput } from '../alarms/engine-input.js';
import { initialState } from '../alarms/engine-state.js';
import { drawnRowModel, drawnWindow } from '../testing/row-models.js';
import { createAdvisoryLane } from './advisory-lane.js';
import type { RowModel } from './feature-rows.js';
import { featureNames } from './features.js';

const columns = featureNames.map((name) => ({ name, low: -400, high: 400 }));
const lane = (model: RowModel, more: Partial<Parameters<typeof createAdvisoryLane>[0]> = {}) =>
  createAdvisoryLane({
    ...{ model, columns, name: 'drawn 1.0', modelDigest: 'a'.repeat(64) },
    label: { index: 0, name: 'news2-high-6h', threshold: 0.5 },
    ...more,
  });

test('an advisory carries what an auditor needs to compute it again, and the same window gives the same bytes', async () => {
  const once = await lane(drawnRowModel(4)).judge('bed/07', drawnWindow(2));
  const again = await lane(drawnRowModel(4)).judge('bed/07', drawnWindow(2));
  expect(again).toEqual(once);
  expect(once.kind).toBe('advice');
  expect(Object.keys(once.input.facts)).toEqual([
    'model',
    'label',
    'input',
    'output',
    'base',
    'threshold',
    'explanation',
  ]);
  expect(conditionInputSchema.safeParse({ kind: 'condition', atMs: 1, ...once.input }).success).toBe(true);
  if (once.kind !== 'advice') return;
  const { probability, base, explanation } = once.view;
  const total = explanation.reduce((all, { share }) => all + share, 0);
  expect(Math.abs(total - (probability - base))).toBeLessThan(1e-6);
});

describe('falls silent', () => {
  test('for one window outside of what the training saw, and says which figure', async () => {
    const narrow = columns.map((column) => (column.name === 'pulse.max' ? { ...column, high: -300 } : column));
    const careful = lane(drawnRowModel(4), { columns: narrow });
    const outcome = await careful.judge('bed/07', drawnWindow(2));
    expect(outcome).toMatchObject({ kind: 'silent', why: 'out-of-range', input: { state: 'unknown' } });
    expect(outcome.input.text).toContain('pulse.max');
    expect(careful.disabled).toBeUndefined();
  });

  test('for good when the model fails, gives another answer to the same question, or has other columns', async () => {
    const broken = lane({ ...drawnRowModel(4), probabilities: () => Promise.reject(new Error('worker died')) });
    expect(await broken.judge('bed/07', drawnWindow(2))).toMatchObject({ kind: 'silent', why: 'disabled' });
    expect(broken.disabled).toBe('worker died');
    let calls = 0;
    const fickle = lane({
      ...drawnRowModel(4),
      probabilities: (rows) => {
        calls += 1;
        return Promise.resolve(rows.map(() => Float32Array.of(calls / 10, 0)));
      },
    });
    expect(await fickle.judge('bed/07', drawnWindow(2))).toMatchObject({ kind: 'silent', why: 'disabled' });
    expect(lane(drawnRowModel(4), { columns: columns.slice(1) }).disabled).toContain('other columns');
  });
});

test('advice for a whole ward at once neither groups, crowds out nor counts as a flood for what comes after it', () => {
  const config = alarmConfigSchema.parse({ mostAlarms: 10 });
  let state = initialState('j');
  const told: unknown[] = [];
  const say = (atMs: number, subject: string, condition: 'model-advisory' | 'news2-high' | 'data-stale') => {
    const priority = condition === 'model-advisory' ? 'PL' : 'PM';
    const input: EngineInput = { kind: 'condition', atMs, subject, condition, state: 'true', priority, text: 'x' };
    const applied = applyInput(state, input, config);
    state = applied.state;
    told.push(...applied.transitions.map(({ kind }) => kind));
  };
  for (let bed = 10; bed < 60; bed += 1) say(1, `bed/${bed}`, 'model-advisory');
  expect(state.flood).toBe(false);
  say(2, 'bed/70', 'news2-high');
  say(3, 'bed/70', 'data-stale');
  expect(state.crowded).toBe(false);
  expect(Object.keys(state.alarms)).toEqual(expect.arrayContaining(['bed/70 news2-high', 'bed/70 data-stale']));
});

test('nothing that it says suppresses, delays or lowers an alarm of a rule', () => {
  const config = alarmConfigSchema.parse({});
  const beds = ['bed/01', 'bed/02', 'bed/03'];
  const step = fc.record({
    gapMs: fc.integer({ min: 0, max: 20_000 }),
    subject: fc.constantFrom(...beds),
    condition: fc.constantFrom('spo2-low', 'spo2-very-low', 'pulse-high', 'news2-high', 'data-stale', 'model-advisory'),
    state: fc.constantFrom('true' as const, 'false' as const, 'unknown' as const),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const run = (withModel: boolean) => {
        let state = initialState('j');
        let atMs = 0;
        const told: unknown[] = [];
        for (const { gapMs, subject, condition, state: to } of steps) {
          atMs += gapMs;
          const isAdvice = condition === 'model-advisory';
          const said: EngineInput = {
            kind: 'condition',
            atMs,
            subject,
            condition,
            state: to,
            priority: 'PL',
            text: 'x',
          };
          const input: EngineInput =
            isAdvice && !withModel ? { kind: 'tick', atMs } : isAdvice ? said : { ...said, priority: 'PM' };
          const applied = applyInput(state, input, config);
          state = applied.state;
          told.push(
            ...applied.transitions
              .filter(({ alarm }) => alarm !== undefined && alarm.condition !== 'model-advisory')
              .map(({ kind, atMs: at, why, alarm, ...rest }) => ({
                ...{ kind, at, why, grouped: 'grouped' in rest },
                alarm: { ...alarm, alarmId: '' },
              })),
          );
        }
        return told;
      };
      expect(run(true)).toEqual(run(false));
    }),
    { numRuns: 150 },
  );
});

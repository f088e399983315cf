import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alarmConfigSchema } from './alarm-config.js';
import { applyInput } from './apply-input.js';
import { canonicalJson } from './canonical-json.js';
import { initialState } from './engine-state.js';
import { compareWithReference, engineEvent } from '../testing/alarms/engine-events.js';

test('agrees with the reference model after every event, and keeps its invariants', () => {
  fc.assert(
    fc.property(fc.array(engineEvent, { minLength: 20, maxLength: 60 }), (events) => {
      expect(compareWithReference(events)).toBeUndefined();
    }),
    { numRuns: 40, seed: 7 },
  );
});

test('is where it is however often the clock ticked in between', () => {
  const config = alarmConfigSchema.parse({});
  const input = fc.record({
    bed: fc.constantFrom('bed/01', 'bed/02'),
    low: fc.boolean(),
    gapMs: fc.integer({ min: 1, max: 400_000 }),
  });
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), fc.integer({ min: 250, max: 7_000 }), (inputs, everyMs) => {
      const run = (stepMs: number): readonly string[] => {
        let state = initialState('j');
        let atMs = 0;
        const seen: string[] = [];
        const take = (next: Parameters<typeof applyInput>[1]): void => {
          const applied = applyInput(state, next, config);
          state = applied.state;
          seen.push(...applied.transitions.map((transition) => canonicalJson(transition)));
        };
        for (const { bed, low, gapMs } of inputs) {
          for (let t = atMs + stepMs; t < atMs + gapMs; t += stepMs) take({ kind: 'tick', atMs: t });
          atMs += gapMs;
          take({
            kind: 'condition',
            atMs,
            subject: bed,
            condition: 'spo2-very-low',
            state: low ? 'true' : 'false',
            text: 'SpO2',
          });
        }
        return [...seen, canonicalJson({ ...state, atMs: 0 })];
      };
      expect(run(everyMs)).toEqual(run(10_000_000));
    }),
    { numRuns: 25, seed: 3 },
  );
});

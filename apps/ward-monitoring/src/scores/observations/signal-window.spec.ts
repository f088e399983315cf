import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSignalWindow, type SignalReading } from './signal-window.js';

const windowMs = 10_000;
const staleMs = 5_000;

/** What is known of all that was taken, sorted anew each time. */
function medianOf(taken: readonly SignalReading[], nowMs: number): string | undefined {
  const usable = taken.flatMap(({ value, ...reading }) =>
    value === undefined || reading.grade === 'unusable' ? [] : [{ ...reading, value }],
  );
  const newest = Math.max(...usable.map(({ measuredMs }) => measuredMs));
  const kept = usable.filter(({ measuredMs }) => measuredMs >= newest - windowMs);
  const fresh = kept.filter(({ measuredMs }) => nowMs - measuredMs < staleMs);
  if (fresh.length === 0) return undefined;
  const grade = fresh.some((one) => one.grade === 'good') ? 'good' : 'suspect';
  const values = kept.filter((one) => one.grade === grade).map(({ value }) => Number(value));
  return String(values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]);
}

const reading = fc.record({
  stepMs: fc.integer({ min: -3_000, max: 4_000 }),
  value: fc.option(fc.integer({ min: 88, max: 94 }), { nil: undefined }),
  grade: fc.constantFrom('good', 'good', 'suspect', 'unusable' as const),
});

it('reads the median of the best samples of the window, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 60 }), fc.integer({ min: 0, max: 8_000 }), (steps, laterMs) => {
      const window = createSignalWindow({ windowMs, staleMs });
      const taken: SignalReading[] = [];
      let atMs = 100_000;
      let newestMs = atMs;
      for (const [index, { stepMs, value, grade }] of steps.entries()) {
        atMs += stepMs;
        newestMs = Math.max(newestMs, atMs);
        const one = {
          parameter: 'oxygenSaturation' as const,
          observation: `w-1/b/${index}`,
          measuredMs: atMs,
          ...(value === undefined ? {} : { value: String(value) }),
          grade,
        };
        taken.push(one);
        window.take(one);
        const read = window.read(newestMs + laterMs);
        expect(read.known ? read.value : undefined).toBe(medianOf(taken, newestMs + laterMs));
      }
    }),
    { numRuns: 150, seed: 7 },
  );
});

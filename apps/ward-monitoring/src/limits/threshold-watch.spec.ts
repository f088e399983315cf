import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThresholdWatch, type WatchWord } from './threshold-watch.js';

const usual = {
  parameter: 'oxygenSaturation',
  side: 'below',
  noticeMs: 3_000,
  clearAfterMs: 10_000,
  delayMs: 15_000,
  doubtfulDelayMs: 30_000,
  forgivenMs: 0,
} as const;

function run(
  values: readonly number[],
  doubtful: (second: number) => boolean = () => false,
  lostAtS?: number,
  forgivenMs = 0,
) {
  const watch = createThresholdWatch({ ...usual, forgivenMs });
  const words: (WatchWord & { readonly atS: number })[] = [];
  values.forEach((value, second) => {
    const word = watch.take({ value, measuredMs: second * 1_000, doubtful: doubtful(second) }, 90);
    if (word !== undefined) words.push({ ...word, atS: second });
    const lost = second === lostAtS ? watch.lose(second * 1_000) : undefined;
    if (lost !== undefined) words.push({ ...lost, atS: second });
  });
  return words;
}

/** When the engine would sound: its delay counts from the onset and it hears nothing else until then. */
function soundsAtS(words: ReturnType<typeof run>, endS: number): number | undefined {
  for (const [i, { state, onsetMs = 0, delayMs = 0 }] of words.entries()) {
    const dueS = (onsetMs + Math.max(usual.delayMs, delayMs)) / 1_000;
    if (state === 'true' && dueS <= (words[i + 1]?.atS ?? endS)) return dueS;
  }
  return undefined;
}

describe('a limit of one signal', () => {
  it('is told within 5 s of its onset, and sounds 15 s after it', () => {
    const words = run([95, ...Array.from({ length: 20 }, () => 88)]);
    expect(words[0]).toMatchObject({ state: 'true', onsetMs: 1_000, atS: 4, text: 'SpO2 88 %, limit 90 %' });
    expect(soundsAtS(words, 20)).toBe(16);
  });

  it('the limit itself is within the limit, and a dip of 14 s never sounds', () => {
    expect(run(Array.from({ length: 60 }, () => 90))).toEqual([]);
    const words = run([...Array.from({ length: 14 }, () => 80), 95, ...Array.from({ length: 30 }, () => 96)]);
    expect(words.map(({ state }) => state)).toEqual(['true', 'false']);
    expect(soundsAtS(words, 45)).toBeUndefined();
  });

  it('waits twice as long where the episode is doubted, and no longer', () => {
    const values = Array.from({ length: 40 }, () => 80);
    const words = run(values, (second) => second === 5);
    expect(words.at(-1)).toMatchObject({ state: 'true', onsetMs: 0, delayMs: 30_000 });
    expect(soundsAtS(words, 39)).toBe(30);
  });

  it('ends after 10 s within the limit, not at the first good sample', () => {
    const flicker = Array.from({ length: 30 }, (_, i) => (i % 5 === 0 ? 95 : 80));
    const words = run([...Array.from({ length: 20 }, () => 80), ...flicker, ...Array.from({ length: 12 }, () => 95)]);
    expect(words.filter(({ state }) => state === 'false').map(({ atS }) => atS)).toEqual([60]);
  });

  it('noise that crosses back for a moment neither ends the wait nor counts in it; 4 s within the limit end it', () => {
    const noisy = Array.from({ length: 40 }, (_, i) => (i % 3 === 2 ? 91 : 88));
    expect(soundsAtS(run(noisy), 39)).toBeUndefined();
    const atS = soundsAtS(run(noisy, undefined, undefined, 4_000), 39) ?? 0;
    expect(noisy.slice(0, atS).filter((value) => value < 90).length).toBeGreaterThanOrEqual(14);
    expect(atS).toBeLessThan(24);
    const dips = Array.from({ length: 60 }, (_, i) => (i % 15 < 10 ? 88 : 91));
    expect(soundsAtS(run(dips, undefined, undefined, 4_000), 59)).toBeUndefined();
  });

  it('is not over because its signal is lost, but one that waited is dropped', () => {
    const lost = run([...Array.from({ length: 21 }, () => 80), ...Array.from({ length: 12 }, () => 95)], undefined, 20);
    expect(lost.map(({ state, atS }) => [state, atS])).toEqual([
      ['true', 3],
      ['unknown', 20],
      ['false', 31],
    ]);
    expect(
      run(
        Array.from({ length: 11 }, () => 80),
        undefined,
        10,
      ).at(-1),
    ).toMatchObject({ state: 'unknown', dropped: true });
  });

  it('leaves out what is older than what it has seen', () => {
    const watch = createThresholdWatch(usual);
    watch.take({ value: 80, measuredMs: 10_000, doubtful: false }, 90);
    expect(watch.take({ value: 97, measuredMs: 9_000, doubtful: false }, 90)).toBeUndefined();
    watch.take({ value: 80, measuredMs: 5_000, doubtful: false }, 90);
    expect(watch.take({ value: 80, measuredMs: 13_000, doubtful: false }, 90)).toMatchObject({ onsetMs: 10_000 });
  });

  it('is beyond the limit from the first such sample to the first within, before the engine hears of it', () => {
    const watch = createThresholdWatch(usual);
    const values = [95, 89, 88, 91, 89, 88];
    const beyond = values.map((value, second) => {
      watch.take({ value, measuredMs: second * 1_000, doubtful: false }, 90);
      return watch.beyond;
    });
    expect(beyond).toEqual([false, true, true, false, true, true]);
    watch.lose(7_000);
    expect(watch.beyond).toBe(false);
  });

  it('sounds exactly when a run of samples beyond the limit lasts as long as the delay', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 25 })), { minLength: 1, maxLength: 12 }),
        (runs) => {
          const values = runs.flatMap(([low, seconds]) => Array.from({ length: seconds }, () => (low ? 85 : 95)));
          let since: number | undefined;
          let expected: number | undefined;
          for (const [second, value] of values.entries()) {
            since = value < 90 ? (since ?? second) : undefined;
            if (expected === undefined && since !== undefined && second - since >= 15) expected = since + 15;
          }
          const sounds = soundsAtS(run(values), values.length - 1);
          // A dip that ends at the very sample where the delay is over is a tie of the two clocks.
          if (expected !== undefined) expect(sounds).toBeLessThanOrEqual(expected);
          else if (sounds !== undefined) expect(values[sounds]).toBeGreaterThan(90);
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});

import { ConfigError, createRandom, UsageError, type Detection } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTracker, type Track } from './tracker.js';
import type { TrackerOptions } from './tracker-options.js';

const kinds = ['sort', 'byte', 'oc-sort'] as const;
const person = (cx: number, cy = 200, score = 0.9, width = 40, height = 100): Detection => ({
  label: 'person',
  classIndex: 0,
  score,
  box: { xMin: cx - width / 2, yMin: cy - height / 2, xMax: cx + width / 2, yMax: cy + height / 2 },
});
/** Plays pictures at a rate; `undefined` is a person not found. */
function play(options: TrackerOptions, framesPerS: number, pictures: readonly (readonly Detection[])[]): Track[][] {
  const tracker = createTracker(options);
  return pictures.map((detections, i) => [...tracker.update(detections, (i * 1000) / framesPerS)]);
}
const counted = (frames: readonly (readonly Track[])[]): number[] => [
  ...new Set(frames.flat().flatMap(({ id, confirmed }) => (confirmed ? [id] : []))),
];

describe('trackers', () => {
  it.each(kinds)('%s: one walk is one id at 8, 12.5 and 25 frames per second with the same options', (kind) => {
    for (const rate of [8, 12.5, 25]) {
      // 1.4 m/s at about 90 px per metre, not seen for 0.3 s in the middle.
      const walk = Array.from({ length: 4 * rate }, (_, i) => {
        const s = i / rate;
        return s > 2 && s < 2.3 ? [] : [person(60 + 125 * s)];
      });
      const frames = play({ kind }, rate, walk);
      expect(counted(frames)).toEqual([1]);
      const last = frames.at(-1)?.[0];
      expect(last?.velocityPxPerS[0]).toBeGreaterThan(110);
      expect(last?.velocityPxPerS[0]).toBeLessThan(140);
    }
  });

  it.each(kinds)('%s: two people who pass each other keep their ids', (kind) => {
    const frames = play(
      { kind },
      10,
      Array.from({ length: 40 }, (_, i) => [person(50 + 8 * i, 200), person(370 - 8 * i, 260)]),
    );
    expect(counted(frames).sort()).toEqual([1, 2]);
    expect(frames.at(-1)?.map(({ id, box }) => [id, Math.round((box.xMin + box.xMax) / 20)])).toEqual([
      [1, 36],
      [2, 6],
    ]);
  });

  it('weak detections keep a half hidden person, in BYTE and OC-SORT, and start nothing; SORT loses it', () => {
    const walk = Array.from({ length: 40 }, (_, i) => [
      person(50 + 6 * i, 200, i >= 12 && i < 30 ? 0.3 : 0.9),
      person(500, 200, 0.3),
    ]);
    const byte = play({ kind: 'byte' }, 10, walk);
    expect(counted(byte)).toEqual([1]);
    expect(byte[20]?.[0]).toMatchObject({ predicted: false, confirmed: true });
    expect(counted(play({ kind: 'oc-sort' }, 10, walk))).toEqual([1]);
    expect(counted(play({ kind: 'oc-sort', lowScore: 1, maxLostS: 1 }, 10, walk))).toHaveLength(2);
    expect(counted(play({ kind: 'sort' }, 10, walk))).toHaveLength(2);
  });

  it('OC-SORT finds again who stopped out of sight, where the prediction has run away', () => {
    const stop = Array.from({ length: 40 }, (_, i) => (i >= 15 && i < 22 ? [] : [person(50 + 8 * Math.min(i, 16))]));
    expect(counted(play({ kind: 'oc-sort' }, 10, stop))).toEqual([1]);
    expect(counted(play({ kind: 'sort', maxLostS: 1 }, 10, stop))).toHaveLength(2);
  });

  it('counts nobody before confirmS, and takes a flicker for nobody', () => {
    const frames = play({ kind: 'sort', confirmS: 0.4 }, 10, [
      ...Array.from({ length: 8 }, () => [person(100)]),
      [person(100), person(400)],
      [person(100)],
    ]);
    expect(frames.map((tracks) => tracks[0]?.confirmed)).toEqual([
      ...Array<boolean>(4).fill(false),
      ...Array<boolean>(6).fill(true),
    ]);
    expect(counted(frames)).toEqual([1]);
  });

  it('streak: after a break it must be seen for confirmS again; once: it stays confirmed', () => {
    const seen = [1, 1, 1, 1, 0, 1, 1, 1, 1].map((there) => (there === 1 ? [person(100)] : []));
    const confirmed = (confirmation: 'once' | 'streak'): (boolean | undefined)[] =>
      play({ kind: 'sort', confirmS: 0.3, confirmation }, 10, seen).map(([track]) => track?.confirmed);
    expect(confirmed('streak').slice(5)).toEqual([false, false, true, true]);
    expect(confirmed('once').slice(3)).toEqual([true, true, true, true, true, true]);
  });

  it('tells what it predicts from what it saw, and ends a track after maxLostS', () => {
    const frames = play({ kind: 'byte', maxLostS: 0.5 }, 10, [
      ...Array.from({ length: 10 }, (_, i) => [person(100 + 5 * i)]),
      ...Array.from({ length: 7 }, () => []),
    ]);
    expect(frames[9]?.[0]).toMatchObject({ predicted: false, sinceUpdateMs: 0 });
    expect(frames[12]?.[0]).toMatchObject({ predicted: true, sinceUpdateMs: 300, detection: undefined });
    expect(frames[12]?.[0]?.box.xMin).toBeGreaterThan((frames[9]?.[0]?.box.xMin ?? 0) + 10);
    expect(frames.slice(14).map((tracks) => tracks.length)).toEqual([1, 0, 0]);
  });

  it('ends every track where time goes back or stood still, and never gives an id again', () => {
    const tracker = createTracker({ kind: 'oc-sort' });
    const ids = [0, 100, 200, 150, 250, 99_000].map((atMs) => tracker.update([person(100)], atMs).map(({ id }) => id));
    expect(ids).toEqual([[1], [1], [1], [2], [2], [3]]);
    expect(tracker.counters()).toMatchObject({ restarts: 2, started: 3, ended: 2 });
  });

  it('has a bound on tracks and detections and counts what it drops, boxes without area too', () => {
    const tracker = createTracker({ kind: 'sort', maxTracks: 3, maxDetections: 5 });
    const crowd = Array.from({ length: 9 }, (_, i) => person(100 + 100 * i));
    expect(tracker.update([...crowd, person(50, 50, 0.9, 0)], 0)).toHaveLength(3);
    expect(tracker.counters()).toMatchObject({ started: 3, dropped: 7 });
  });

  it('refuses times that are no numbers and options outside of their range, all at once', () => {
    expect(() => createTracker({ kind: 'sort' }).update([], Number.NaN)).toThrow(UsageError);
    const wrong = (): unknown => createTracker({ kind: 'byte', highScore: 2, maxLostS: -1 });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/highScore[\s\S]*maxLostS|maxLostS[\s\S]*highScore/);
  });

  it('whatever is found whenever: ids are unique, boxes are boxes, the counters add up', () => {
    const picture = fc.record({
      gapMs: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(-500, 9000)),
      people: fc.array(
        fc.record({
          x: fc.integer({ min: -50, max: 700 }),
          y: fc.integer({ min: -50, max: 400 }),
          score: fc.double({ min: 0, max: 1, noNaN: true }),
          width: fc.integer({ min: 0, max: 300 }),
        }),
        { maxLength: 8 },
      ),
    });
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.array(picture, { maxLength: 25 }), (kind, pictures) => {
        const tracker = createTracker({ kind, maxTracks: 12, warmStart: true });
        let atMs = 1000;
        let living = 0;
        for (const { gapMs, people } of pictures) {
          atMs += gapMs;
          const found = people.map(({ x, y, score, width }) => person(x, y, score, width, 2 * width));
          const tracks = tracker.update(found, atMs);
          living = tracks.length;
          expect(living).toBeLessThanOrEqual(12);
          expect(new Set(tracks.map(({ id }) => id)).size).toBe(living);
          for (const { box, predicted, detection } of tracks) {
            expect(box.xMax > box.xMin && box.yMax > box.yMin && Number.isFinite(box.xMin + box.yMax)).toBe(true);
            expect(predicted).toBe(detection === undefined);
          }
          const used = tracks.flatMap(({ detection }) => (detection ? [detection] : []));
          expect(new Set(used).size).toBe(used.length);
        }
        const { started, ended } = tracker.counters();
        expect(started - ended).toBe(living);
      }),
      { numRuns: 120 },
    );
  });

  it('has no memory of the past beyond its tracks: equal input gives equal output', () => {
    const run = (): string => {
      const random = createRandom(5);
      const pictures = Array.from({ length: 60 }, (_, i) =>
        Array.from({ length: 6 }, (_unused, k) =>
          person(60 * k + 3 * i + 2 * random.normal(), 150, 0.3 + 0.7 * random.next()),
        ),
      );
      return JSON.stringify(play({ kind: 'oc-sort', lowScore: 0.1 }, 12, pictures));
    };
    expect(run()).toBe(run());
  });
});

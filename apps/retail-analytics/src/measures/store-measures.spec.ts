import type { FloorPoint } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createWalkStore, walkEpochMs, walkPlan, type Walk, type WalkStore } from '../testing/walk-store.js';
import type { WindowContributions } from './contribution.js';

const still =
  (x: number, y: number): Walk =>
  () => [x, y];
/** In through the door at 1 m/s from `atS`, to y 3 in the left zone, stays, and out again. */
const shopper =
  (atS: number, stayS: number, x = 1.5): Walk =>
  (s) => {
    const t = s - atS;
    if (t < 0 || t > 2 * 3.2 + stayS) return undefined;
    return [x, t < 3.2 + stayS ? Math.min(3.2, t) : 3.2 - (t - 3.2 - stayS)];
  };
const zone = (store: WalkStore, id: string, atS: number): number =>
  store.measures.exact(atS * 1000).zones.get(id) ?? -1;
const takeAll = (store: WalkStore, atS: number): WindowContributions[] =>
  store.measures.due(atS * 1000).map((window) => store.measures.take(window));

describe('live figures', () => {
  it('a visit counts in every zone that it was in, and the line in and out', () => {
    const store = createWalkStore();
    store.walk(0, 20, [shopper(1, 8)]);
    const [line] = store.measures.snapshot(20_000).lines;
    expect(line).toMatchObject({ inToday: 1, outToday: 1, inLastHour: { kind: 'fewer', than: 3 } });
    // Fault 61: overlapping zones both count.
    const seen = store.events.flatMap((e) => (e.kind === 'visit' ? [[e.zone, Math.round(e.dwellS * 2) / 2]] : []));
    expect(seen).toEqual([
      ['left', 10.5],
      ['both', 10.5],
    ]);
  });

  it('tells fewer below the minimum, the number from it on', () => {
    const store = createWalkStore();
    const walks = [1, 1.4, 1.8, 2.2].map((x) => still(x, 3));
    store.walk(0, 3, walks.slice(0, 2));
    expect(store.measures.snapshot(3_000).people).toEqual({ kind: 'fewer', than: 3 });
    store.walk(3, 6, walks);
    const { people, zones, heat } = store.measures.snapshot(6_000);
    expect(people).toEqual({ kind: 'count', value: 4 });
    expect(zones.map((z) => z.people)).toEqual([
      { kind: 'count', value: 4 },
      { kind: 'fewer', than: 3 },
      { kind: 'count', value: 4 },
    ]);
    // No cell was touched by three people.
    expect(heat.seconds.every((s) => s === 0)).toBe(true);
    const crowd = createWalkStore();
    crowd.walk(
      0,
      6,
      [0, 0.1, 0.2].map((d) => still(1.1 + d, 3.1)),
    );
    expect(crowd.measures.snapshot(6_000).heat.seconds.reduce((a, b) => a + b, 0)).toBeCloseTo(18, 0);
  });

  it('fault 54: tentative people and predicted places are never counted', () => {
    const store = createWalkStore();
    store.walk(0, 20, [shopper(1, 8)], (p) => ({ ...p, confirmed: false, track: -1 }));
    store.walk(20, 40, [shopper(21, 8)], (p) => ({ ...p, predicted: true }));
    expect(store.events).toEqual([]);
    expect(store.measures.exact(10_000).people).toBe(0);
  });

  it('fault 59: a zone holds nobody two seconds after its last sight; occupancy is the mean over time', () => {
    const store = createWalkStore();
    store.walk(0, 10, [still(1, 3), still(2, 3)]);
    expect(zone(store, 'left', 10)).toBe(2);
    store.pass(11.5);
    expect(zone(store, 'left', 11.5)).toBe(2);
    store.pass(14);
    expect(zone(store, 'left', 14)).toBe(0);
    store.pass(30);
    const left = store.measures.occupancy(30_000).find((o) => o.zone === 'left');
    expect(left?.meanPeople).toBeCloseTo((2 * 11.5) / 30, 1);
    expect(left?.peakPeople).toBe(2);
  });

  it('fault 58: who vanishes inside leaves a censored visit, and the median knows of it', () => {
    const store = createWalkStore();
    store.walk(
      0,
      12,
      [1, 1.3, 1.6, 1.9].map(
        (x, i) =>
          (s: number): FloorPoint | undefined =>
            s < 1 ? [x, 1.5] : s < 5 + i ? [x, 3] : i === 0 ? undefined : [x, 1.5],
      ),
    );
    store.walk(12, 40, []);
    const [left] = store.measures.snapshot(40_000).zones;
    expect(left?.censoredShare).toBe(0.25);
    expect(left?.dwellMedianS).toBeCloseTo(6, 0);
  });

  it('fault 67: a mannequin is no person, and what it seemed to do is taken back', () => {
    const store = createWalkStore();
    store.walk(0, 5, [still(1, 3)]);
    store.walk(5, 10, [still(1, 3)], (p) => ({ ...p, still: true }));
    expect(zone(store, 'left', 10)).toBe(0);
    store.walk(10, 50, []);
    store.pass(3_700);
    expect(takeAll(store, 3_700)[0]?.tracks).toEqual([]);
    expect(store.measures.counters().stillTracks).toBe(1);
  });

  it('fault 69: who comes out of the stock room is staff wherever it goes; a customer who leans over is not', () => {
    const store = createWalkStore();
    const clerk: Walk = (s) => (s < 5 ? [4.2, 0.4] : [Math.max(1.5, 4.2 - (s - 5)), Math.min(3, 0.4 + (s - 5))]);
    const customer: Walk = (s) => (s > 20 && s < 24 ? [4.2, 0.5] : [2.9, 3]);
    store.walk(0, 40, [clerk, customer]);
    expect(store.measures.exact(40_000).people).toBe(1);
    expect(store.events.filter((e) => e.kind === 'crossing')).toEqual([]);
    const drops = createWalkStore();
    drops.walk(0, 40, [(s) => (s < 3 ? [4.2, 2] : [4.2, 0.5])]);
    expect(drops.measures.exact(40_000).people).toBe(0);
  });

  it('fault 68: every person is one person, children too: footfall counts what the cameras find', () => {
    const store = createWalkStore();
    store.walk(0, 20, [shopper(1, 8), shopper(1, 8, 1.9)]);
    expect(store.measures.snapshot(20_000).lines[0]).toMatchObject({ inToday: 2, outToday: 2 });
  });
});

describe('cameras', () => {
  it('fault 63: below its rate the window is degraded, at its rate it is not', () => {
    const reasons = (fps: number): readonly string[] => {
      const store = createWalkStore({ fps });
      store.walk(0, 90, []);
      store.pass(3_700);
      return takeAll(store, 3_700)[0]?.qualityReasons ?? [];
    };
    expect(reasons(4)).toContain('camera only below 8 frames per second');
    expect(reasons(8)).not.toContain('camera only below 8 frames per second');
  });

  it('fault 64: a moved camera suspends its zones, and what it says is not counted', () => {
    const store = createWalkStore();
    store.walk(0, 5, []);
    expect(store.measures.snapshot(5_000).zones[0]?.state).toBe('good');
    store.measures.setCamera('only', 'moved', 5_000);
    store.walk(5, 30, [shopper(6, 5)]);
    expect(store.measures.snapshot(30_000).zones.map((z) => z.state)).toEqual(['suspended', 'suspended', 'suspended']);
    expect(store.events).toEqual([]);
    store.measures.setCamera('only', 'seeing', 30_000);
    store.walk(30, 50, [shopper(31, 5)]);
    expect(store.events).not.toEqual([]);
    store.pass(3_700);
    expect(takeAll(store, 3_700)[0]?.qualityReasons.join()).toContain('camera only moved');
  });

  it('fault 65: a camera that is away for ten minutes leaves unknown, not zero', () => {
    const store = createWalkStore({ fps: 1 });
    store.walk(0, 1_200, []);
    expect(store.measures.snapshot(1_200_000).queues[0]?.state).toBe('good');
    store.pass(1_800);
    const view = store.measures.snapshot(1_800_000);
    expect([view.zones[0]?.state, view.queues[0]?.state]).toEqual(['unknown', 'unknown']);
    store.walk(1_800, 3_600, []);
    store.pass(3_700);
    const [window] = takeAll(store, 3_700);
    expect(window?.coverage).toBeCloseTo(3_000 / 3_600, 2);
    expect(window?.qualityReasons.join()).toMatch(/camera only not seeing for (59|60)\d s/);
  });

  it('sights that come late are left out and counted', () => {
    const store = createWalkStore();
    store.walk(0, 2, []);
    store.measures.observe({ camera: 'only', atMs: 1_000, people: [] });
    expect(store.measures.counters().outOfOrder).toBe(1);
  });

  it('a crowd beyond capacity is counted as dropped and marks the window', () => {
    const store = createWalkStore({ maxPeople: 10 });
    store.walk(
      0,
      2,
      Array.from({ length: 14 }, (_, i) => still(0.6 + i / 5, 3)),
    );
    expect(store.measures.exact(2_000).people).toBe(10);
    expect(store.measures.counters().beyondCapacity).toBeGreaterThan(0);
    store.pass(3_700);
    const [window] = takeAll(store, 3_700);
    expect(window?.tracks).toHaveLength(10);
    expect(window?.qualityReasons).toContain('crowd beyond capacity');
  });
});

describe('windows', () => {
  it('a track belongs whole to the window in which it began', () => {
    const store = createWalkStore();
    store.walk(3_590, 3_620, [shopper(3_592, 15)]);
    store.walk(3_620, 3_660, [() => undefined, shopper(3_630, 5)]);
    store.pass(7_400);
    const [first, second] = takeAll(store, 7_400);
    expect(first?.toEpochMs).toBe(walkEpochMs + 3_600_000);
    expect(first?.tracks.map((t) => t.crossings.map((c) => c.direction))).toEqual([['in', 'out']]);
    expect(first?.tracks[0]?.visits.map((v) => v.zone)).toEqual(['left', 'both']);
    expect(second?.tracks.map((t) => t.crossings.length)).toEqual([2]);
  });

  it('waits for tracks until the grace is over, then cuts them, and takes each window once', () => {
    const store = createWalkStore();
    store.walk(3_499, 3_500, [still(1, 1.5)]);
    store.walk(3_500, 3_655, [still(1, 3)]);
    expect(store.measures.due(3_655_000)).toEqual([]);
    store.walk(3_655, 3_700, [still(1, 3)]);
    const [window] = store.measures.due(3_700_000);
    if (!window) throw new Error('a window is due');
    const taken = store.measures.take(window);
    expect(taken.tracks[0]?.visits).toMatchObject([
      { zone: 'left', censored: true },
      { zone: 'both', censored: true },
    ]);
    expect(taken.tracks[0]?.visits[0]?.dwellS).toBeCloseTo(200, 0);
    expect(() => store.measures.take(window)).toThrow(/taken before/);
    store.walk(3_700, 3_720, [still(1, 3)]);
    store.pass(7_300);
    expect(takeAll(store, 7_300)[0]?.tracks).toEqual([]);
  });

  it('fault 60: an edit closes visits and window; what follows has the new revision', () => {
    const store = createWalkStore();
    store.walk(0, 1, [still(1, 1.5)]);
    store.walk(1, 10, [still(1, 3)]);
    store.measures.edit({ ...walkPlan, revision: 2, zones: walkPlan.zones.slice(1) }, 10_000);
    store.walk(10, 20, [still(1, 3), (s) => [1.2, s < 12 ? 1.5 : 3]]);
    store.pass(3_700);
    const [before, after] = takeAll(store, 3_700);
    expect(before).toMatchObject({ planRevision: 1, fromEpochMs: walkEpochMs, toEpochMs: walkEpochMs + 10_000 });
    expect(before?.tracks[0]?.visits).toMatchObject([{ zone: 'left', censored: true }, { zone: 'both' }]);
    expect(after).toMatchObject({ planRevision: 2, fromEpochMs: walkEpochMs + 10_000 });
    expect(after?.tracks.map((t) => t.visits.map((v) => v.zone))).toEqual([['both']]);
  });

  it('fault 74: a day of 25 hours is one day, and its 25 windows follow each other', () => {
    const store = createWalkStore({ timeZone: 'Europe/Berlin', fps: 1, cameras: [] });
    // 2026-10-24T22:00:00Z: midnight in Berlin, the clocks go back three hours later.
    store.jump(Date.UTC(2026, 9, 24, 22) - walkEpochMs);
    let windows = 0;
    let last = Number.NaN;
    for (let hour = 0; hour < 25; hour += 1) {
      store.walk(hour * 3_600 + 100, hour * 3_600 + 115, []);
      store.measures.observe({ camera: 'door', atMs: hour * 3_600_000 + 200_000, people: [] });
      for (const window of takeAll(store, hour * 3_600 + 300)) {
        if (windows > 0) expect(window.fromEpochMs).toBe(last);
        last = window.toEpochMs;
        windows += 1;
      }
    }
    expect(windows).toBe(24);
    const day = createWalkStore({ timeZone: 'Europe/Berlin' });
    day.jump(Date.UTC(2026, 9, 24, 22) - walkEpochMs);
    const hours = [0, 2.5, 3.5, 24.9];
    hours.forEach((hour, i) =>
      day.walk(hour * 3_600, hour * 3_600 + 15, [...Array(i).fill(() => undefined), shopper(hour * 3_600 + 1, 4)]),
    );
    expect(day.measures.snapshot(24.95 * 3_600_000).lines[0]?.inToday).toBe(4);
    day.pass(25 * 3_600 + 1);
    expect(day.measures.snapshot(25 * 3_600_000 + 1_000).lines[0]?.inToday).toBe(0);
  });

  it('a clock that jumps neither loses nor repeats a window or a crossing', () => {
    const store = createWalkStore();
    store.walk(0, 20, [shopper(1, 5)]);
    store.jump(-1_800_000);
    store.walk(20, 40, [() => undefined, shopper(21, 5)]);
    store.jump(1_800_000 + 2 * 3_600_000);
    store.walk(40, 60, [() => undefined, () => undefined, shopper(41, 5)]);
    store.pass(200);
    const taken = takeAll(store, 200);
    const tracks = [...taken, ...store.measures.cut(200_000).map((w) => store.measures.take(w))].flatMap(
      (w) => w.tracks,
    );
    expect(tracks.flatMap((t) => t.crossings)).toHaveLength(6);
    expect(taken[0]?.tracks).toHaveLength(2);
    expect(taken[0]?.qualityReasons).toEqual(expect.arrayContaining(['clock was set back', 'clock was set forward']));
    taken.slice(1).forEach((window, i) => expect(window.fromEpochMs).toBe(taken[i]?.toEpochMs));
    expect(store.measures.snapshot(200_000).lines[0]).toMatchObject({ inToday: 3, outToday: 3 });
  });

  it('a clean stop cuts the open window and gives everything out', () => {
    const store = createWalkStore();
    store.walk(0, 30, [shopper(1, 50)]);
    const cut = store.measures.cut(30_000).map((window) => store.measures.take(window));
    expect(cut).toHaveLength(1);
    expect(cut[0]).toMatchObject({ fromEpochMs: walkEpochMs, toEpochMs: walkEpochMs + 30_000 });
    expect(cut[0]?.coverage).toBeGreaterThan(0.98);
    expect(cut[0]?.tracks[0]?.crossings).toEqual([{ line: 'door', direction: 'in' }]);
  });
});

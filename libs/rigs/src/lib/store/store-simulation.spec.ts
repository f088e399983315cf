import { describe, expect, it } from 'vitest';
import type { Figure } from './scene/figure.js';
import { storePlan } from './store-plan.js';
import type { Store } from './store-simulation.js';
import { createStore } from './store-simulation.js';
import { insidePolygon } from './walkers/floor-geometry.js';

const solids = storePlan.fixtures.filter(({ kind }) => kind !== 'door').map(({ polygon }) => polygon);
const distance = (a: Figure, b: Figure): number => Math.hypot(a.xM - b.xM, a.yM - b.yM);

/** Seconds of the store, looked at so often. */
function* moments(store: Store, seconds: number, everyS: number): Generator<readonly Figure[]> {
  for (let step = 0; step < seconds / everyS; step += 1) {
    store.step(everyS);
    yield store.figures();
  }
}

describe('the people of the store', () => {
  it('are the same for the same seed, however time is cut up, and others for another seed', () => {
    const [whole, pieces, other] = [7, 7, 8].map((seed) => createStore({ seed, peoplePerHour: 600 }));
    whole?.step(45);
    for (let at = 0; at < 450; at += 1) pieces?.step(0.1);
    other?.step(45);
    expect(whole?.figures().length).toBeGreaterThan(3);
    expect(pieces?.figures()).toEqual(whole?.figures());
    expect(pieces?.truth()).toEqual(whole?.truth());
    expect(other?.figures()).not.toEqual(whole?.figures());
  });

  it('never stand in fixtures, never jump, keep their bodies apart and their groups together, and nobody is lost', () => {
    const store = createStore({ seed: 11, peoplePerHour: 500 });
    let last = new Map<number, Figure>();
    let overlaps = 0;
    let farthest = 0;
    let looks = 0;
    const inFixtures: Figure[] = [];
    let pairs = 0;
    const party = new Map<number, number>();
    const apart: number[] = [];
    for (const figures of moments(store, 240, 0.5)) {
      const alive = figures.filter((figure) => figure.alive);
      for (const figure of alive) {
        if (solids.some((solid) => insidePolygon([figure.xM, figure.yM], solid))) inFixtures.push(figure);
        const before = last.get(figure.id);
        if (before) farthest = Math.max(farthest, distance(before, figure));
      }
      alive.forEach((a, index) => {
        for (const b of alive.slice(index + 1)) {
          pairs += distance(a, b) < 1 ? 1 : 0;
          overlaps += distance(a, b) < 0.2 ? 1 : 0;
        }
      });
      last = new Map(alive.map((figure) => [figure.id, figure]));
      if ((looks += 1) % 10 !== 0) continue;
      for (const { person, party: own } of store.truth().crossings) party.set(person, own);
      const groups = new Map<number, Figure[]>();
      for (const figure of figures) {
        const own = party.get(figure.id);
        if (own !== undefined) groups.set(own, [...(groups.get(own) ?? []), figure]);
      }
      for (const [first, ...others] of groups.values())
        for (const other of others) if (first) apart.push(distance(first, other));
    }
    expect(inFixtures).toEqual([]);
    expect(farthest).toBeLessThan(1);
    expect(overlaps / pairs).toBeLessThan(0.01);
    apart.sort((a, b) => a - b);
    expect(apart.length).toBeGreaterThan(30);
    expect(apart[Math.floor(apart.length * 0.5)]).toBeLessThan(1.2);
    expect(apart[Math.floor(apart.length * 0.98)]).toBeLessThan(3);

    const { crossings, people, vanishedInside, startedInside } = store.truth();
    const count = (way: 'in' | 'out'): number =>
      crossings.filter(({ direction, staff }) => direction === way && !staff).length;
    expect(count('in')).toBeGreaterThan(15);
    expect(count('in') - count('out')).toBe(people);
    expect({ vanishedInside, startedInside }).toEqual({ vanishedInside: 0, startedInside: 0 });
    // By the position alone: whoever is well behind the line has come in.
    const customers = store.figures().filter(({ id }) => id < 800_000);
    const nearLine = customers.filter(({ xM, yM }) => xM < 4.05 && Math.abs(yM - 1.5) <= 0.3).length;
    const behind = customers.filter(({ xM, yM }) => yM > 1.8 || (xM > 4.05 && yM > 0)).length;
    expect(people - behind).toBeGreaterThanOrEqual(0);
    expect(people - behind).toBeLessThanOrEqual(nearLine);
  });
});

describe('faults of the store', () => {
  it('bring a crowd, mannequins, staff, a rush to the tills and people before the mirror, and change the light', () => {
    const store = createStore({ seed: 3, peoplePerHour: 240 });
    store.step(90);
    const before = store.truth();
    const dead = (): number => store.figures().filter(({ alive }) => !alive).length;
    expect(dead()).toBe(1);
    for (const name of ['crowd', 'mannequins', 'staff-everywhere', 'mirror'] as const) store.setFault(name, true);
    let looking = 0;
    for (const figures of moments(store, 60, 4)) {
      const before = figures.filter(
        ({ xM, yM, speedMps }) => xM > 5 && xM < 6.8 && yM < 1.4 && yM > 0 && speedMps < 0.2,
      );
      looking = Math.max(looking, before.length);
    }
    expect(looking).toBeGreaterThanOrEqual(2);
    expect(dead()).toBe(4);
    expect(store.truth().people).toBeGreaterThan(before.people + 12);
    expect(store.truth().staff).toBe(before.staff + 5);
    store.setFault('queue-rush', true);
    store.step(35);
    const waiting = Object.values(store.truth().queueLengths).map((lengths) => lengths.at(-1)?.people ?? 0);
    expect(waiting.reduce((sum, people) => sum + people, 0)).toBeGreaterThanOrEqual(8);

    const day = store.look();
    store.setFault('dark', true);
    expect(store.look().light).toBeLessThan(0.3);
    store.setFault('dark', false);
    store.setFault('sun', true);
    expect(store.look()).toMatchObject({ light: day.light, sun: 1 });
  });
});

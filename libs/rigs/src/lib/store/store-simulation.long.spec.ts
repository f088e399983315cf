import { describe, expect, it } from 'vitest';
import { createStore } from './store-simulation.js';

const hours = 2;

describe('hours of the store', { timeout: 300_000 }, () => {
  it.each([
    [1, 240],
    [2, 240],
    [3, 420],
  ])('keep conservation and Little law and lose nobody (seed %i, %i people an hour)', (seed, peoplePerHour) => {
    const store = createStore({ seed, peoplePerHour });
    const still = new Map<number, readonly [x: number, y: number, since: number]>();
    const stuck = new Set<number>();
    for (let second = 0; second < hours * 3600; second += 2) {
      store.step(2);
      for (const { id, xM, yM, alive } of store.figures()) {
        if (!alive || id >= 800_000) continue;
        const [x, y, since] = still.get(id) ?? [Infinity, Infinity, 0];
        if (Math.hypot(xM - x, yM - y) > 0.5) still.set(id, [xM, yM, second]);
        else if (second - since > 420) stuck.add(id);
      }
    }
    const truth = store.truth();
    const count = (way: 'in' | 'out'): number => truth.crossings.filter(({ direction }) => direction === way).length;
    expect([...stuck]).toEqual([]);
    expect(count('in') - count('out')).toBe(truth.people);
    expect(truth.vanishedInside).toBe(0);
    // Poisson parties of 1.6 people: five standard deviations.
    expect(Math.abs(store.counters().cameToDoor - hours * peoplePerHour)).toBeLessThan(
      5 * Math.sqrt(hours * peoplePerHour * 2.2),
    );
    for (const [queue, lengths] of Object.entries(truth.queueLengths)) {
      // Length times time, from the changes of the length; and the sum of the stays, from the visits of people.
      const area = lengths.reduce(
        (sum, { fromS, people }, at) => sum + people * ((lengths[at + 1]?.fromS ?? truth.atS) - fromS),
        0,
      );
      const visits = truth.queueVisits.filter((visit) => visit.queue === queue);
      const stays = visits.reduce((sum, { joinedS, leftS }) => sum + (leftS ?? truth.atS) - joinedS, 0);
      expect(visits.length).toBeGreaterThan(90);
      expect(area / truth.atS).toBeCloseTo(stays / truth.atS, 6);
      const ended = visits.filter(({ outcome }) => outcome === 'served' || outcome === 'abandoned');
      const meanStayS = ended.reduce((sum, { joinedS, leftS }) => sum + (leftS ?? 0) - joinedS, 0) / ended.length;
      const residual = Math.abs(area / truth.atS - (ended.length / truth.atS) * meanStayS) / (area / truth.atS);
      // Who still stands at the end is in the length and not in the stays.
      expect(residual).toBeLessThan(0.1);
    }
  });

  it('survive crowds and rushes', () => {
    const store = createStore({ seed: 9, peoplePerHour: 300 });
    for (let round = 0; round < 6; round += 1) {
      store.setFault('crowd', true);
      store.setFault('staff-everywhere', round % 2 === 0);
      store.step(240);
      store.setFault('queue-rush', true);
      store.step(120);
      store.setFault('crowd', false);
    }
    expect(store.truth().vanishedInside).toBe(0);
    const { crossings, people, queueVisits } = store.truth();
    const count = (way: 'in' | 'out'): number =>
      crossings.filter(({ direction, staff }) => direction === way && !staff).length;
    expect(count('in')).toBeGreaterThan(400);
    expect(count('in') - count('out')).toBe(people);
    expect(queueVisits.filter(({ outcome }) => outcome === 'abandoned').length).toBeGreaterThan(0);
  });

  it('are empty at night with the profile of a day', () => {
    const store = createStore({ seed: 4, peoplePerHour: 120, profile: 'day', startHour: 18.9 });
    store.step(2.5 * 3600);
    const { crossings, people } = store.truth();
    expect(people).toBe(0);
    const lastInS = crossings.findLast(({ direction }) => direction === 'in')?.atS ?? Infinity;
    expect(lastInS).toBeGreaterThan(0.5 * 3600);
    expect(lastInS).toBeLessThan(1.15 * 3600);
  });
});

import { describe, expect, it } from 'vitest';
import { wardStories, type ToldStory } from './ward-stories.js';

const first = (count: number, seed: number, patients: number): readonly ToldStory[] => {
  const stories = wardStories(seed, patients);
  return Array.from({ length: count }, () => stories.next().value);
};

describe('the stories of the demo', () => {
  it('visits every patient before anybody twice, in an order of the seed', () => {
    const told = first(24, 7, 12);
    const round = told.slice(0, 12).map(({ patient }) => patient);
    expect(new Set(round).size).toBe(12);
    expect(told.slice(12).map(({ patient }) => patient)).toEqual(round);
    expect(first(24, 7, 12)).toEqual(told);
    expect(first(12, 8, 12).map(({ patient }) => patient)).not.toEqual(round);
  });

  it('shows two within a quarter of a minute, then leaves the ward calm', () => {
    const times = first(6, 7, 12).map(({ atS }) => atS);
    expect(times.slice(0, 2)).toEqual([0, 12]);
    const lulls = times.slice(2).map((atS, index) => atS - (times[index + 1] ?? 0));
    expect(lulls.every((lull) => lull === 75)).toBe(true);
    expect(first(3, 7, 200)[2]?.atS).toBe(32);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseThreads, threadCandidates } from './thread-tuning.js';

const sample = (threads: number, spinning: boolean, ...runMs: number[]) => ({ setting: { threads, spinning }, runMs });

describe('threadCandidates', () => {
  it('tries quiet settings first, spinning only with company, and at most four threads', () => {
    expect(threadCandidates(1)).toEqual([{ threads: 1, spinning: false }]);
    expect(threadCandidates(2)).toEqual([
      { threads: 1, spinning: false },
      { threads: 2, spinning: false },
      { threads: 2, spinning: true },
    ]);
    expect(threadCandidates(64)).toHaveLength(7);
  });
});

describe('chooseThreads', () => {
  it('takes the lowest median, not the lowest minimum', () => {
    const choice = chooseThreads([sample(1, false, 10, 10, 10), sample(2, false, 5, 14, 15)]);
    expect(choice).toEqual({ threads: 1, spinning: false, p50Ms: 10 });
  });

  it('lets a spinning setting win only by more than its penalty', () => {
    expect(chooseThreads([sample(2, false, 10), sample(2, true, 9.5)])).toMatchObject({ spinning: false });
    expect(chooseThreads([sample(2, false, 10), sample(2, true, 8.5)])).toMatchObject({ spinning: true });
  });

  it('prefers fewer threads at equal speed', () => {
    expect(chooseThreads([sample(2, false, 10), sample(1, false, 10.5)])).toMatchObject({ threads: 1 });
  });

  it('ignores settings without samples', () => {
    expect(chooseThreads([sample(1, false), sample(2, false, 8)])).toMatchObject({ threads: 2 });
    expect(chooseThreads([sample(1, false)])).toBeUndefined();
  });
});

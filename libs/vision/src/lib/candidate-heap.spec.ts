import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCandidateHeap } from './candidate-heap.js';

it('keeps what a stable sort would put first, whatever the order of arrival', () => {
  const heap = createCandidateHeap(7);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), fc.integer(), (scores, seed) => {
      const entries = scores.map((score, key) => ({ score, key }));
      const arrival = [...entries].sort((a, b) => ((a.key * 31 + seed) % 17) - ((b.key * 31 + seed) % 17));
      heap.clear();
      for (const { score, key } of arrival) heap.offer(score, key);
      const count = heap.sort();
      const expected = entries.sort((a, b) => b.score - a.score || a.key - b.key).slice(0, 7);
      expect(Array.from({ length: count }, (_, i) => ({ score: heap.scores[i], key: heap.keys[i] }))).toEqual(expected);
    }),
  );
});

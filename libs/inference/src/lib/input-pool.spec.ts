import { describe, expect, it } from 'vitest';
import { createInputPool } from './input-pool.js';

const specs = [
  { name: 'images', dtype: 'uint8', dims: [-1, 2, 4] },
  { name: 'sizes', dtype: 'int64', dims: [2] },
];

describe('createInputPool', () => {
  it('allocates the shapes of the model, open dimensions as 1', () => {
    const { images, sizes } = createInputPool(specs, 3).take();
    expect(images).toEqual({ dtype: 'uint8', dims: [1, 2, 4], data: new Uint8Array(8) });
    expect(sizes).toEqual({ dtype: 'int64', dims: [2], data: new BigInt64Array(2) });
  });

  it('hands the same memory out again and allocates no more than are in use', () => {
    const pool = createInputPool(specs, 3);
    for (let round = 0; round < 100; round += 1) {
      const sets = [pool.take(), pool.take(), pool.take()];
      for (const tensors of sets) pool.put(tensors);
    }
    expect(pool.allocated()).toBe(3);
  });

  it('keeps no more than its bound, and nothing of another shape', () => {
    const pool = createInputPool(specs, 2);
    const sets = Array.from({ length: 5 }, () => pool.take());
    for (const tensors of sets) pool.put(tensors);
    pool.take();
    pool.take();
    expect(pool.allocated()).toBe(5);
    pool.put({ images: { dtype: 'uint8', dims: [1, 2, 5], data: new Uint8Array(10) } });
    pool.take();
    expect(pool.allocated()).toBe(6);
  });

  it('empties the caller’s view when it takes unsent tensors back', () => {
    const pool = createInputPool(specs, 2);
    const tensors = pool.take();
    pool.reclaim(tensors);
    expect(tensors.images?.data).toHaveLength(0);
    expect(pool.take().images?.data).toHaveLength(8);
    expect(pool.allocated()).toBe(1);
  });
});

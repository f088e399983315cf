import { describe, expect, it } from 'vitest';
import { nextTask, withSkipped } from './label-order.js';

const tasks = [1, 2, 3].map((id) => ({ id, label: null }));

describe('label order', () => {
  it('brings what was skipped again only after everything else, oldest skip first', () => {
    let skipped: readonly number[] = [];
    const seen: number[] = [];
    for (let n = 0; n < 7; n++) {
      const id = nextTask(tasks, skipped)?.id ?? 0;
      seen.push(id);
      skipped = withSkipped(skipped, id, tasks);
    }
    expect(seen).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  it('leaves out what is labelled and forgets what is gone', () => {
    const label = { truth: 'good', by: 'eve', at: '2026-01-01T00:00:00.000Z', note: '' } as const;
    expect(
      nextTask(
        [
          { id: 1, label },
          { id: 2, label: null },
        ],
        [],
      )?.id,
    ).toBe(2);
    expect(nextTask([{ id: 1, label }], [])).toBeNull();
    expect(withSkipped([7, 8], 1, tasks)).toEqual([1]);
  });
});

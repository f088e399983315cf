import { describe, expect, it } from 'vitest';
import { createIngestQueue } from './ingest-queue.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the ingest queue', () => {
  it('lets nobody in beyond its bound until there is room, first come first served', async () => {
    const queue = createIngestQueue<number>({ bytes: 100, messages: 50 });
    const entered: number[] = [];
    for (let i = 0; i < 6; i++) void queue.put(i, 40).then(() => entered.push(i));
    await turn();
    expect(entered).toEqual([0, 1, 2]);
    expect(queue.stats()).toEqual({ messages: 3, bytes: 120, heldBack: 3 });
    expect(await queue.take(80)).toEqual([0, 1]);
    await turn();
    expect(entered).toEqual([0, 1, 2, 3, 4]);
    expect(await queue.take(1_000)).toEqual([2, 3, 4]);
    await turn();
    expect(await queue.take(1_000)).toEqual([5]);
  });

  it('gives one item that is larger than asked for rather than none', async () => {
    const queue = createIngestQueue<string>({ bytes: 100, messages: 50 });
    await queue.put('large', 90);
    expect(await queue.take(10)).toEqual(['large']);
  });

  it('gives what is left after it was closed, then nothing, and takes nothing in', async () => {
    const queue = createIngestQueue<number>({ bytes: 10, messages: 1 });
    await queue.put(1, 1);
    const late = queue.put(2, 1);
    queue.close();
    expect(await late).toBe(false);
    expect(await queue.take(10)).toEqual([1]);
    expect(await queue.take(10)).toEqual([]);
    expect(await queue.put(3, 1)).toBe(false);
  });

  it('wakes a taker that waits', async () => {
    const queue = createIngestQueue<number>({ bytes: 10, messages: 5 });
    const taken = queue.take(10);
    await queue.put(7, 1);
    expect(await taken).toEqual([7]);
  });
});

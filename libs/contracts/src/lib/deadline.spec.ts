import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { withDeadline } from './deadline.js';

const hanging = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

describe('withDeadline', () => {
  it('ends what hangs when the time is over, or when it is stopped', async () => {
    const stop = new AbortController();
    await expect(withDeadline(5, stop.signal, hanging)).rejects.toMatchObject({ name: 'TimeoutError' });
    const waiting = withDeadline(60_000, stop.signal, hanging);
    stop.abort(new Error('closed'));
    await expect(waiting).rejects.toThrow('closed');
    await expect(withDeadline(60_000, stop.signal, async (signal) => signal.throwIfAborted())).rejects.toThrow(
      'closed',
    );
  });

  it('leaves nothing behind at a signal that lives on', async () => {
    const stop = new AbortController();
    for (let n = 0; n < 20; n += 1) expect(await withDeadline(60_000, stop.signal, async () => n)).toBe(n);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });
});

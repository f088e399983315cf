import { errorCode } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunQueue } from './run-queue.js';
import { createRunQueue } from './run-queue.js';

/** A turn that the test ends. */
function gate() {
  let open: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => (open = resolve));
  return { promise, open };
}

function setUp(waiting: number) {
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, epochMs: () => nowMs };
  const queue = createRunQueue(waiting, clock);
  return {
    queue,
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function submit(queue: RunQueue, options: { deadlineMs?: number; signal?: AbortSignal } = {}) {
  const turn = gate();
  const seen = { started: false, unstarted: false, wanted: (): boolean => false, end: '' };
  queue
    .submit({
      ...options,
      run: async (wanted) => {
        seen.started = true;
        seen.wanted = wanted;
        return turn.promise;
      },
      unstarted: () => {
        seen.unstarted = true;
      },
    })
    .then(
      (value) => (seen.end = value),
      (error: unknown) => (seen.end = errorCode(error)),
    );
  return { ...turn, seen };
}

describe('createRunQueue', () => {
  it('runs one turn at a time, in order', async () => {
    const { queue } = setUp(2);
    const [first, second] = [submit(queue), submit(queue)];
    await settled();
    expect([first.seen.started, second.seen.started]).toEqual([true, false]);
    first.open('first');
    await settled();
    expect([first.seen.end, second.seen.started]).toEqual(['first', true]);
    second.open('second');
    await settled();
    expect(second.seen.end).toBe('second');
  });

  it('refuses more than may wait, and gives the call back', async () => {
    const { queue } = setUp(1);
    const [running, waiting, refused] = [submit(queue), submit(queue), submit(queue)];
    await settled();
    expect(refused.seen).toMatchObject({ end: 'infer.overloaded', unstarted: true });
    running.open('one');
    await settled();
    waiting.open('two');
    await settled();
    expect([running.seen.end, waiting.seen.end]).toEqual(['one', 'two']);
  });

  it('lets a running caller go at once but starts nothing before the run is over', async () => {
    const { queue } = setUp(1);
    const stop = new AbortController();
    const [running, next] = [submit(queue, { signal: stop.signal }), submit(queue)];
    await settled();
    stop.abort();
    await settled();
    expect(running.seen).toMatchObject({ end: 'infer.aborted', unstarted: false });
    expect([running.seen.wanted(), next.seen.started]).toEqual([false, false]);
    running.open('nobody listens');
    await settled();
    expect(next.seen.started).toBe(true);
    next.open('next');
  });

  it('takes an aborted caller out of the line, so that its place is free', async () => {
    const { queue } = setUp(1);
    const stop = new AbortController();
    const [running, waiting] = [submit(queue), submit(queue, { signal: stop.signal })];
    stop.abort();
    const next = submit(queue);
    running.open('one');
    await settled();
    expect(waiting.seen).toMatchObject({ end: 'infer.aborted', unstarted: true, started: false });
    expect(next.seen.started).toBe(true);
    next.open('next');
  });

  it('does not start a turn whose deadline passed while it waited', async () => {
    const { queue, at } = setUp(1);
    const [running, waiting] = [submit(queue), submit(queue, { deadlineMs: 10_000 })];
    at(10_001);
    running.open('one');
    await settled();
    expect(waiting.seen).toMatchObject({ end: 'infer.deadline', started: false, unstarted: true });
  });

  it('calls a result late that comes after its deadline, even before the timer fired', async () => {
    const { queue, at } = setUp(1);
    const running = submit(queue, { deadlineMs: 10_000 });
    await settled();
    at(10_001);
    running.open('late');
    await settled();
    expect(running.seen.end).toBe('infer.deadline');
  });

  it('closes after the running turn and refuses the rest', async () => {
    const { queue } = setUp(1);
    const [running, waiting] = [submit(queue), submit(queue)];
    await settled();
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await settled();
    expect([waiting.seen.end, closed]).toEqual(['infer.disposed', false]);
    running.open('last');
    await closing;
    expect(running.seen.end).toBe('last');
    const after = submit(queue);
    await settled();
    expect(after.seen).toMatchObject({ end: 'infer.disposed', unstarted: true });
  });

  it('settles every call exactly once and gives back what it did not start, in any interleaving', async () => {
    const step = fc.constantFrom('submit' as const, 'abort' as const, 'finish' as const, 'settle' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 3 }), async (steps, waiting) => {
        const { queue } = setUp(waiting);
        const calls: (ReturnType<typeof submit> & { stop: AbortController })[] = [];
        for (const [i, kind] of steps.entries()) {
          if (kind === 'submit') {
            const stop = new AbortController();
            calls.push({ ...submit(queue, { signal: stop.signal }), stop });
          } else if (kind === 'abort') calls[i % Math.max(1, calls.length)]?.stop.abort();
          else if (kind === 'finish') calls.find((call) => call.seen.started && call.seen.end === '')?.open('done');
          else await settled();
          const running = calls.filter((call) => call.seen.started && call.seen.end === '').length;
          expect(running).toBeLessThanOrEqual(1);
        }
        for (const call of calls) call.open('done');
        await settled();
        await queue.close();
        await settled();
        for (const { seen } of calls) {
          expect(seen.end).not.toBe('');
          expect(seen.unstarted).toBe(!seen.started);
        }
      }),
      { numRuns: 60 },
    );
  });
});

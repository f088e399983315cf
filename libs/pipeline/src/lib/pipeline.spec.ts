import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedQueue } from './bounded-queue.js';
import { closeInReverse } from './close-in-reverse.js';
import { createLatencyHistogram } from './latency-histogram.js';
import { createMailbox } from './mailbox.js';
import { wilsonInterval } from './wilson-interval.js';

const never = new AbortController().signal;

describe('createMailbox', () => {
  it('keeps only the newest item and counts the others', async () => {
    const dropped: number[] = [];
    const mailbox = createMailbox<number>({ onSuperseded: (n) => dropped.push(n) });
    mailbox.put(1);
    mailbox.put(2);
    mailbox.put(3);
    expect(await mailbox.take(never)).toBe(3);
    expect(dropped).toEqual([1, 2]);
    expect(mailbox.superseded).toBe(2);
  });

  it('gives undefined to a waiting taker when the signal fires, and serves the next taker', async () => {
    const mailbox = createMailbox<number>();
    const stop = new AbortController();
    const taken = mailbox.take(stop.signal);
    stop.abort();
    expect(await taken).toBeUndefined();
    mailbox.put(7);
    expect(await mailbox.take(never)).toBe(7);
  });

  it('balances: put = taken + superseded + left over, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (puts) => {
        const mailbox = createMailbox<number>();
        let put = 0;
        let taken = 0;
        let left = false;
        for (const isPut of puts) {
          if (isPut) {
            mailbox.put(put++);
            left = true;
          } else if (left) {
            await mailbox.take(never);
            taken += 1;
            left = false;
          }
        }
        expect(put).toBe(taken + mailbox.superseded + (left ? 1 : 0));
      }),
    );
  });
});

describe('createBoundedQueue', () => {
  it('keeps the order, refuses the newest when full and counts it', async () => {
    const queue = createBoundedQueue<number>(2);
    expect([queue.offer(1), queue.offer(2), queue.offer(3)]).toEqual([true, true, false]);
    expect([await queue.take(never), await queue.take(never)]).toEqual([1, 2]);
    expect(queue.refused).toBe(1);
  });

  it('hands out what is left after close, then undefined', async () => {
    const queue = createBoundedQueue<number>(2);
    queue.offer(1);
    queue.close();
    expect(await queue.take(never)).toBe(1);
    expect(await queue.take(never)).toBeUndefined();
  });
});

describe('createLatencyHistogram', () => {
  it('withholds p95 and p99 from too few samples', () => {
    const histogram = createLatencyHistogram();
    for (let i = 0; i < 58; i++) histogram.record(1);
    expect(histogram.snapshot()).toMatchObject({ count: 58, p95Ms: null, p99Ms: null });
    for (let i = 0; i < 603; i++) histogram.record(1);
    expect(histogram.snapshot().p99Ms).toBeNull();
    histogram.record(1);
    expect(histogram.snapshot().p99Ms).not.toBeNull();
  });

  it('is within 1 % of the exact order statistic, and merging equals recording together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 5000, noNaN: true }), { minLength: 700, maxLength: 900 }),
        (values) => {
          const all = createLatencyHistogram();
          const left = createLatencyHistogram();
          const right = createLatencyHistogram();
          values.forEach((v, i) => {
            all.record(v);
            (i % 2 ? left : right).record(v);
          });
          left.merge(right);
          expect(left.snapshot().p99Ms).toBe(all.snapshot().p99Ms);
          const sorted = [...values].sort((a, b) => a - b);
          for (const [q, got] of [
            [0.5, all.snapshot().p50Ms],
            [0.95, all.snapshot().p95Ms],
            [0.99, all.snapshot().p99Ms],
          ] as const) {
            const exact = sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
            expect(Math.abs((got ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.011 + 0.001);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('wilsonInterval', () => {
  it('gives the published bounds for 90 of 100', () => {
    const { low, high } = wilsonInterval(90, 100);
    expect(low).toBeCloseTo(0.8256343384950865, 12);
    expect(high).toBeCloseTo(0.9447708629393249, 12);
  });

  it('says nothing is known from no trials', () => {
    expect(wilsonInterval(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
  });
});

describe('closeInReverse', () => {
  it('runs every closer in reverse and reports all failures', async () => {
    const order: number[] = [];
    const fail = (n: number) => () => {
      order.push(n);
      throw new Error(`part ${n}`);
    };
    await expect(closeInReverse([fail(1), () => void order.push(2), fail(3)])).rejects.toThrow(
      /2 place\(s\): part 3; part 1/,
    );
    expect(order).toEqual([3, 2, 1]);
  });
});

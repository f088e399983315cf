import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askAgainMs, deliver, giveUpMs, nothingDelivered } from './delivery.js';
import type { Delivery, DeliveryInput } from './delivery.js';

const run = (inputs: readonly DeliveryInput[], from: Delivery = nothingDelivered) => {
  const confirmed: number[] = [];
  const asked: number[] = [];
  let delivery = from;
  for (const input of inputs) {
    const step = deliver(delivery, input);
    delivery = step.delivery;
    if (step.confirm !== null) confirmed.push(step.confirm);
    if (step.ask !== null) asked.push(step.ask);
  }
  return { delivery, confirmed, asked };
};
const event = (offset: number, atMs = 0): DeliveryInput => ({ kind: 'event', offset, atMs });
const view = (offset: number, atMs = 0): DeliveryInput => ({ kind: 'view', offset, atMs });

describe('delivery', () => {
  it('starts at the first view and goes on without asking while nothing is missing', () => {
    const { delivery, asked, confirmed } = run([view(10), event(11), event(12), view(12)]);
    expect(delivery).toMatchObject({ through: 12, ahead: [], missed: 0 });
    expect(asked).toEqual([]);
    expect(confirmed).toEqual([11, 12]);
  });

  it('asks for a gap at once, then once a second, and closes it', () => {
    const first = run([view(10), event(13, 0), { kind: 'tick', atMs: askAgainMs - 1 }]);
    expect(first.asked).toEqual([10]);
    const again = run([{ kind: 'tick', atMs: askAgainMs }, event(11, 1_100), event(12, 1_200)], first.delivery);
    expect(again.asked).toEqual([10]);
    expect(again.delivery).toMatchObject({ through: 13, ahead: [], gapSinceMs: null });
  });

  it('notices by a view that an event is missing', () => {
    expect(run([view(10), view(12, 500)]).asked).toEqual([10]);
  });

  it('asks after every reconnect, and confirms what comes twice again', () => {
    const { asked, confirmed } = run([view(3), event(4), { kind: 'connected', atMs: 5 }, event(4)]);
    expect(asked).toEqual([4]);
    expect(confirmed).toEqual([4, 4]);
  });

  it('counts what nobody could send any more', () => {
    const { delivery } = run([view(1), event(5), { kind: 'tick', atMs: giveUpMs }]);
    expect(delivery).toMatchObject({ through: 5, missed: 3 });
  });

  it('takes over the numbers of another journal', () => {
    expect(run([view(9_000), view(3)]).delivery.through).toBe(3);
  });

  it('delivers everything through loss, repetition and reconnects, and confirms nothing that did not come', () => {
    const fate = fc.constantFrom('through', 'through', 'lost', 'twice', 'reconnect');
    fc.assert(
      fc.property(fc.array(fate, { minLength: 1, maxLength: 40 }), fc.nat(5), (fates, start) => {
        let delivery = deliver(nothingDelivered, view(start)).delivery;
        const came = new Set<number>();
        const confirmed = new Set<number>();
        let sent = start;
        let now = 0;
        const feed = (input: DeliveryInput, answers: boolean): void => {
          if (input.kind === 'event') came.add(input.offset);
          const step = deliver(delivery, input);
          delivery = step.delivery;
          if (step.confirm !== null) confirmed.add(step.confirm);
          if (step.ask === null || !answers) return;
          for (let offset = step.ask + 1; offset <= sent; offset += 1) feed(event(offset, now), false);
        };
        for (const what of fates) {
          now += 100;
          sent += 1;
          if (what !== 'lost' && what !== 'reconnect') feed(event(sent, now), fates.length % 2 === 0);
          if (what === 'twice') feed(event(sent, now), false);
          if (what === 'reconnect') feed({ kind: 'connected', atMs: now }, true);
          if (delivery.ahead.some((offset) => offset <= (delivery.through ?? 0) + 1)) throw new TypeError('not closed');
        }
        now += askAgainMs;
        feed(view(sent, now), true);
        now += askAgainMs;
        feed({ kind: 'tick', atMs: now }, true);
        expect(delivery).toMatchObject({ through: sent, ahead: [], missed: 0 });
        expect([...came].sort((a, b) => a - b)).toEqual(Array.from({ length: sent - start }, (_, i) => start + 1 + i));
        expect(confirmed).toEqual(came);
      }),
      { numRuns: 60 },
    );
  });
});

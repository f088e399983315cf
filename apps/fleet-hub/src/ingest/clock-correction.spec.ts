import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedTime, linkClock, senderBoot } from './clock-correction.js';
import type { ClockLink } from './clock-correction.js';

const boot = '00000000000000aa';
const hubMs = Date.parse('2026-05-01T12:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

describe('clock correction', () => {
  it('dates events of the running process rightly under any skew, clock step and network delay', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20 * 365 * 86_400_000, max: 20 * 365 * 86_400_000 }),
        fc.array(fc.record({ ageMs: fc.nat(86_400_000), delayMs: fc.nat(7_200_000), stepMs: fc.nat(1e9) }), {
          minLength: 1,
          maxLength: 20,
        }),
        (skewMs, batches) => {
          const beganMs = hubMs;
          // One batch without delay tells the truth; all others may be late.
          let link = linkClock(null, { boot, sentuptimems: 1_000, senttime: iso(hubMs) }, hubMs + 1_000);
          for (const { ageMs, delayMs, stepMs } of batches) {
            const sentuptimems = 86_400_000;
            const uptimems = sentuptimems - ageMs;
            const deviceMs = hubMs + sentuptimems + skewMs + stepMs;
            const receivedAtMs = beganMs + sentuptimems + delayMs;
            const sent = { boot, sentuptimems, senttime: iso(deviceMs) };
            link = linkClock({ ...link, late: null }, sent, receivedAtMs);
            const { atMs, quality } = correctedTime({ ...sent, uptimems, time: iso(deviceMs - 5) }, link, receivedAtMs);
            expect(quality).toBe('monotonic');
            // Wrong by at most what two clocks drift apart in the time since the judgement.
            expect(Math.abs(atMs - (beganMs + uptimems))).toBeLessThanOrEqual(500e-6 * (sentuptimems + 20 * 7_200_000));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('tells the skew of a clock that is ten years behind', () => {
    const skewMs = -10 * 365 * 86_400_000;
    const link = linkClock(null, { boot, sentuptimems: 5_000, senttime: iso(hubMs + skewMs) }, hubMs);
    expect(link.skewMs).toBe(skewMs);
  });

  it('dates events of an earlier process by their age on the wall clock', () => {
    const skewMs = 365 * 86_400_000;
    const sent = { boot, sentuptimems: 5_000, senttime: iso(hubMs + skewMs) };
    const link = linkClock(null, sent, hubMs);
    const event = { ...sent, boot: '00000000000000bb', uptimems: 1, time: iso(hubMs + skewMs - 3_600_000) };
    expect(correctedTime(event, link, hubMs)).toEqual({ atMs: hubMs - 3_600_000, quality: 'wall' });
  });

  it('never dates an event into the future', () => {
    const sent = { boot, sentuptimems: 5_000, senttime: iso(hubMs) };
    const link = linkClock(null, sent, hubMs);
    expect(correctedTime({ ...sent, uptimems: 1, boot: 'other', time: iso(hubMs + 1e9) }, link, hubMs).atMs).toBe(
      hubMs,
    );
  });

  it('believes a hub clock that was set, after a quarter of an hour of nothing but late batches', () => {
    const send = (before: ClockLink | null, upMs: number, receivedAtMs: number) =>
      linkClock(before, { boot, sentuptimems: upMs, senttime: iso(hubMs + upMs) }, receivedAtMs);
    let link = send(null, 0, hubMs);
    const setForward = 3_600_000;
    for (let minute = 1; minute <= 10; minute++)
      link = send(link, minute * 60_000, hubMs + minute * 60_000 + setForward);
    expect(link.beganMs - hubMs).toBeLessThan(10_000);
    for (let minute = 11; minute <= 20; minute++)
      link = send(link, minute * 60_000, hubMs + minute * 60_000 + setForward);
    expect(link.beganMs - hubMs).toBeGreaterThan(setForward - 10_000);
  });

  it('knows the sending process among older ones, also before its birth was heard of', () => {
    const sent = { sentuptimems: 60_000, senttime: iso(hubMs) };
    const own = { ...sent, boot: 'new', sequence: 7, uptimems: 50_000, time: iso(hubMs - 10_000) };
    const old = { ...sent, boot: 'old', sequence: 8, uptimems: 900_000, time: iso(hubMs - 100_000) };
    const young = { ...sent, boot: 'old', sequence: 9, uptimems: 20_000, time: iso(hubMs - 3_600_000) };
    expect(senderBoot([old, own, young], 'old')).toBe('new');
    // Its wall clock was set after the event: the ages do not agree any more.
    expect(senderBoot([{ ...own, time: iso(hubMs - 1e9) }, old], 'new')).toBe('new');
    expect(senderBoot([old], null)).toBe('old');
  });
});

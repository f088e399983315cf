import { expect, it } from 'vitest';
import type { ClockReading } from './clock-reading.js';
import { readChronyTracking, readTimesyncStatus } from './clock-reading.js';
import { createClockWatch } from './clock-watch.js';
import { createDiskRoom } from './disk-room.js';
import { createOutboxWatch } from './outbox-watch.js';

const hour = 3_600_000;

/** A machine whose clocks go where the test wants; each second the watch looks and the source has answered. */
async function machine(first: ClockReading, startMs = Date.UTC(2026, 0, 1)) {
  let [monotonicMs, offsetMs, reading] = [1_000, startMs, first];
  const watch = createClockWatch({
    clock: { monotonicMs: () => monotonicMs, epochMs: () => monotonicMs + offsetMs },
    read: () => Promise.resolve(reading),
  });
  await watch.settled();
  watch.look();
  return {
    watch,
    step: (ms: number): void => void (offsetMs += ms),
    source: (next: ClockReading): void => void (reading = next),
    /** Seconds of one device each; @returns what had to be written */
    async pass(seconds: number, devices: Readonly<Record<string, number>> = {}, slewMs = 0) {
      const news: unknown[] = [];
      for (let i = 0; i < seconds; i += 1) {
        monotonicMs += 1_000;
        offsetMs += slewMs;
        for (const [device, off] of Object.entries(devices)) watch.device(device, monotonicMs + startMs + off, 0);
        const one = watch.look();
        if (one !== undefined) news.push(one);
        await watch.settled();
      }
      return news;
    },
  };
}
const chrony: ClockReading = { source: 'chrony', synced: true, offsetMs: 3.4 };
const operator: ClockReading = { source: 'operator', synced: true };

it('measures the offset of the source, and is synchronised while that answers', async () => {
  const { watch, pass, source } = await machine(chrony);
  expect(watch.state()).toEqual({ source: 'chrony', offsetMs: 3, synced: true });
  source({ source: 'none', synced: false });
  expect(await pass(600)).toHaveLength(1);
  expect(watch.state().synced).toBe(false);
  await pass(20);
  expect(watch.problem()).toMatch(/no good source for 10 minutes/);
  source(chrony);
  await pass(17);
  expect(watch.problem()).toBeUndefined();
});

it.each([hour, -hour, 501, -501])(
  'sees a step of %i ms within a second, and believes the clock again when the source does',
  async (ms) => {
    const { watch, step, pass } = await machine(chrony);
    const before = watch.believedMs();
    step(ms);
    expect(await pass(1)).toEqual([
      { movedMs: ms, state: { source: 'chrony', offsetMs: expect.any(Number), synced: false } },
    ]);
    // Devices are not judged by a clock that has just jumped.
    if (Math.abs(ms) > 2_000) expect(watch.believedMs() - before).toBe(1_000);
    await pass(2);
    expect(watch.state()).toEqual({ source: 'chrony', offsetMs: 3, synced: true });
    expect(watch.problem()).toMatch(/jumped by/);
    await pass(600);
    expect(watch.problem()).toBeUndefined();
  },
);

it('takes a leap second that is smeared, a slewing source, a change of local time and the year 2038 for no step', async () => {
  const { pass, watch } = await machine(chrony, Date.UTC(2038, 0, 19, 3, 14, 0));
  // 1 s in 20 min is faster than any smear; crossing 2^31 s on the way.
  expect(await pass(1_200, {}, 0.83)).toEqual([]);
  expect(watch.problem()).toBeUndefined();
});

it('hears it from the wearables where no source tells: three that agree, not one that is wrong', async () => {
  const { watch, pass } = await machine(operator);
  await pass(5, { a: 0, b: 100, c: -40_000 });
  expect(watch.problem()).toBeUndefined();
  expect(Math.abs(watch.state().offsetMs)).toBeLessThan(150);
  await pass(5, { a: -5_000, b: -5_100, c: -5_050 });
  expect(watch.state()).toEqual({ source: 'operator', offsetMs: 5_050, synced: false });
  expect(watch.problem()).toMatch(/3 wearables agree against the gateway's wall clock by 5\.\d s/);
});

it('reads what chrony and systemd-timesyncd print', () => {
  const tracking = (leap: string): string =>
    `A9FEA97B,169.254.169.123,4,1763880000.12,0.001234567,-0.000002,0.0001,-5.1,0.0,0.02,0.0004,0.0005,16.1,${leap}\n`;
  expect(readChronyTracking(tracking('Normal'))).toEqual({ source: 'chrony', synced: true, offsetMs: -1.234567 });
  expect(readChronyTracking(tracking('Not synchronised'))).toEqual({ source: 'chrony', synced: false });
  expect(readChronyTracking('506 Cannot talk to daemon')).toBeUndefined();
  const status = (offset: string): string =>
    `       Server: 192.0.2.1 (ntp)\n       Offset: ${offset}\n        Delay: 23.561ms\n`;
  expect(readTimesyncStatus(status('-1.038ms'))).toEqual({ source: 'timesyncd', synced: true, offsetMs: 1.038 });
  expect(readTimesyncStatus(status('+1min 2.5s'))?.offsetMs).toBe(-62_500);
  expect(readTimesyncStatus(status('+250us'))?.offsetMs).toBe(-0.25);
  expect(readTimesyncStatus('       Server: (null)')).toBeUndefined();
});

it('asks each disk by itself and does not wait for one that is silent', async () => {
  let nowMs = 0;
  let free: Promise<number> = Promise.resolve(1e9);
  const room = createDiskRoom({ folders: ['a'], free: () => free, now: () => nowMs, leastFreeBytes: 500 * 2 ** 20 });
  const look = async (atMs: number): Promise<string | undefined> => {
    nowMs = atMs;
    room.look();
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    return room.problem();
  };
  expect(await look(0)).toBeUndefined();
  free = Promise.resolve(400 * 2 ** 20);
  expect(await look(10_000)).toMatch(/^400 MiB free/);
  free = Promise.resolve(550 * 2 ** 20);
  expect(await look(20_000)).toMatch(/^550 MiB free/);
  free = Promise.resolve(700 * 2 ** 20);
  expect(await look(30_000)).toBeUndefined();
  free = new Promise(() => undefined);
  expect(await look(40_000)).toBeUndefined();
  expect(await look(45_000)).toMatch(/does not answer/);
});

it('tells an outbox that nobody empties from one that is only busy', () => {
  const box = createOutboxWatch({ stuckMs: 60_000, mostWaiting: 1_000 });
  for (let s = 0; s < 200; s += 1) box.take('FHIR', 10 + (s % 3), s * 1_000);
  expect(box.problem()).toBeUndefined();
  for (let s = 200; s < 265; s += 1) box.take('FHIR', s, s * 1_000);
  expect(box.problem()).toMatch(/FHIR takes nothing/);
  box.take('FHIR', 0, 266_000);
  expect(box.problem()).toBeUndefined();
  box.take('FHIR', 1_001, 267_000);
  expect(box.problem()).toMatch(/More than 1000/);
});

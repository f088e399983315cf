import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readFrameTimes } from './frame-times.js';
import { createMediaClock } from './media-clock.js';
import { createPictureClock } from './picture-clock.js';

const line = (n: number, seconds: number | string): string => `frame:${n}    pts:${n}    pts_time:${seconds}\nlive=1\n`;

describe('readFrameTimes', () => {
  it('gives one time a frame, whatever the chunks, and ends with the stream', async () => {
    const stream = new PassThrough();
    const times = readFrameTimes(stream);
    const text = line(0, 0) + line(1, '0.04') + line(2, '1.2e+03') + line(3, 'NOPTS');
    for (const character of text) stream.write(character);
    expect(await times.next()).toBe(0);
    expect(await times.next()).toBe(40);
    expect(await times.next()).toBe(1_200_000);
    expect(await times.next()).toBeNaN();
    const waiting = times.next();
    stream.destroy();
    expect(await waiting).toBeUndefined();
    expect(await times.next()).toBeUndefined();
  });
});

describe('createMediaClock', () => {
  it('gives a picture that was held up the time of its exposure', () => {
    const clock = createMediaClock(30);
    expect(clock.capturedAt(0, 1000)).toBe(970);
    expect(clock.capturedAt(40, 1040)).toBe(1010);
    // Stalled for half a second, then all at once.
    expect(clock.capturedAt(80, 1580)).toBeCloseTo(1050, 0);
    expect(clock.capturedAt(120, 1581)).toBeCloseTo(1090, 0);
  });

  it('learns a shorter way at once and follows a clock that drifts', () => {
    const clock = createMediaClock(0);
    clock.capturedAt(0, 1300);
    expect(clock.capturedAt(40, 1140)).toBe(1140);
    let worstMs = 0;
    // An hour at 10 pictures a second from a camera whose clock is 50 ppm slow.
    for (let n = 1; n < 36_000; n += 1) {
      const arrivedMs = 1140 + n * 100;
      worstMs = Math.max(worstMs, Math.abs(arrivedMs - clock.capturedAt(40 + n * 100 * (1 - 50e-6), arrivedMs)));
    }
    expect(worstMs).toBeLessThan(1);
  });
});

describe('createPictureClock', () => {
  const clockOf = (live?: { latencyMs: number; settleMs: number }) => {
    const side = new PassThrough();
    return { side, pictures: createPictureClock('cam', side, live) };
  };

  it('leaves out what a connection hands over before its delay is known', async () => {
    const { side, pictures } = clockOf({ latencyMs: 10, settleMs: 100 });
    side.write(line(0, 0) + line(1, 0.04) + line(2, 0.1) + line(3, 0.14));
    expect(await pictures.capturedAt(500)).toBeUndefined();
    expect(await pictures.capturedAt(501)).toBeUndefined();
    expect(await pictures.capturedAt(502)).toBeUndefined();
    // The shortest way was that of the third picture: 502 - 100.
    expect(await pictures.capturedAt(640)).toBeCloseTo(140 + 402 - 10, 0);
  });

  it('settles for longer while the way still becomes shorter, but not for ever', async () => {
    const { side, pictures } = clockOf({ latencyMs: 0, settleMs: 100 });
    const kept: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      side.write(line(n, n * 0.04));
      // A backlog of half a second that shrinks by 30 ms a picture, then none.
      const captured = await pictures.capturedAt(1000 + n * 40 + Math.max(0, 500 - 30 * n));
      if (captured !== undefined) kept.push(captured - n * 40);
    }
    expect(kept.length).toBeGreaterThan(15);
    for (const offset of kept) expect(Math.abs(offset - 1000)).toBeLessThan(11);

    const endless = clockOf({ latencyMs: 0, settleMs: 100 });
    let given = 0;
    for (let n = 0; n < 100; n += 1) {
      endless.side.write(line(n, n * 0.04));
      if ((await endless.pictures.capturedAt(5000 + n * 25)) !== undefined) given += 1;
    }
    expect(given).toBeGreaterThan(50);
  });

  it('gives a stream up whose pictures are seconds old', async () => {
    const { side, pictures } = clockOf({ latencyMs: 10, settleMs: 0 });
    side.write(line(0, 9) + line(1, 0.04));
    await pictures.capturedAt(500);
    await expect(pictures.capturedAt(600)).rejects.toMatchObject({ code: 'camera.stream-late' });
  });

  it('takes the arrival of a picture without a time, and of a film', async () => {
    const { side, pictures } = clockOf({ latencyMs: 10, settleMs: 0 });
    side.write(line(0, 'NOPTS'));
    expect(await pictures.capturedAt(500)).toBe(490);
    expect(await clockOf().pictures.capturedAt(500)).toBe(500);
  });
});

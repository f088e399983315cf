import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createFrameLiveness, pixelHash } from './frame-liveness.js';
import { judgeLight, measureLight } from './light.js';
import type { Picture } from './test-and-template.js';

const picture = (value: (i: number) => number, width = 64): Picture => ({
  width,
  height: 64,
  format: 'gray8',
  pixels: Uint8Array.from({ length: width * 64 }, (_, i) => value(i)),
});

describe('measureLight', () => {
  it('gives mean and standard deviation', () => {
    expect(measureLight(picture((i) => (i % 2 ? 200 : 100)))).toEqual({ mean: 150, contrast: 50 });
  });

  it('looks at the patch only', () => {
    const left = picture((i) => (i % 64 < 32 ? 50 : 250));
    expect(measureLight(left, { xMin: 0, yMin: 0, xMax: 32, yMax: 64 })).toEqual({ mean: 50, contrast: 0 });
    expect(() => measureLight(left, { xMin: 40, yMin: 0, xMax: 65, yMax: 4 })).toThrow(/must lie in the 64x64 frame/);
  });

  it('takes the green channel of colour', () => {
    const rgb: Picture = { width: 1, height: 1, format: 'rgb24', pixels: Uint8Array.of(1, 77, 3) };
    expect(measureLight(rgb).mean).toBe(77);
  });

  it('stays within one grey level of the whole picture when it samples', () => {
    const random = createRandom(11);
    const noisy: Picture = {
      width: 640,
      height: 640,
      format: 'gray8',
      pixels: Uint8Array.from({ length: 409_600 }, () => random.integer(60, 200)),
    };
    const exact = noisy.pixels.reduce((a, b) => a + b, 0) / 409_600;
    expect(Math.abs(measureLight(noisy).mean - exact)).toBeLessThan(1);
  });
});

describe('judgeLight', () => {
  it('names each broken bound with its values', () => {
    const dim = judgeLight(
      picture(() => 30),
      { meanMin: 80, meanMax: 200, contrastMin: 10 },
    );
    expect(dim).toMatchObject({ ok: false, reason: 'mean 30.0 outside 80 to 200; contrast 0.0 below 10' });
    expect(
      judgeLight(
        picture((i) => (i % 2 ? 200 : 100)),
        { meanMin: 80, meanMax: 200, contrastMin: 10 },
      ).ok,
    ).toBe(true);
  });
});

describe('createFrameLiveness', () => {
  it('calls a dark frame without contrast black, a dark frame with contrast not', () => {
    const check = createFrameLiveness();
    expect(check(picture((i) => i % 3))).toBe('black');
    expect(check(picture((i) => (i % 20 === 0 ? 60 : 2)))).toBeUndefined();
  });

  it('calls a run of equal frames frozen and forgives after a different one', () => {
    const check = createFrameLiveness({ frozenFrames: 3 });
    const one = picture((i) => i % 251);
    const other = picture((i) => (i === 1000 ? 0 : i % 251));
    expect([one, one, one, other, one, one, one].map((p) => check(p))).toEqual([
      undefined,
      undefined,
      'frozen',
      undefined,
      undefined,
      undefined,
      'frozen',
    ]);
  });

  it('sees a change of any single pixel', () => {
    const pixels = new Uint8Array(1003);
    const before = pixelHash(pixels);
    for (let i = 0; i < pixels.length; i += 1) {
      pixels[i] = 1;
      expect(pixelHash(pixels)).not.toBe(before);
      pixels[i] = 0;
    }
  });

  it('hashes the same bytes to the same value at any offset', () => {
    const random = createRandom(2);
    const shifted = Uint8Array.from({ length: 104 }, () => random.integer(0, 255));
    expect(pixelHash(shifted.subarray(1, 102))).toBe(pixelHash(shifted.slice(1, 102)));
  });
});

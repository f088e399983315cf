import { describe, expect, it } from 'vitest';
import type { LineFault } from './line-faults.js';
import { createSickCamera } from './line-faults.js';

const picture = (level: number) => ({ width: 4, height: 4, pixels: new Uint8Array(16).fill(level) });

function camera(...names: LineFault[]) {
  const faults = new Set<LineFault>(names);
  return { faults, ...createSickCamera(faults) };
}

describe('createSickCamera', () => {
  it('takes what is there when it is well', () => {
    const taken = camera().take(picture(200));
    expect(taken).toEqual({ ...picture(200), sentBytes: 16 });
  });

  it('repeats its last picture when frozen', () => {
    const { faults, take } = camera();
    take(picture(10));
    faults.add('camera-freeze');
    expect(take(picture(90)).pixels[0]).toBe(10);
    faults.delete('camera-freeze');
    expect(take(picture(90)).pixels[0]).toBe(90);
  });

  it('gets darker picture by picture, keeps the original, and recovers', () => {
    const { faults, take } = camera('light-drift');
    const original = picture(200);
    const levels = Array.from({ length: 40 }, () => take(original).pixels[0] ?? 0);
    expect(levels[0]).toBe(195);
    expect(levels).toEqual([...levels].sort((a, b) => b - a));
    expect(levels.at(-1)).toBe(70);
    expect(original.pixels[0]).toBe(200);
    faults.delete('light-drift');
    expect(take(original).pixels[0]).toBe(200);
  });

  it('is black, torn or of another size when told so', () => {
    expect(
      camera('black-frame')
        .take(picture(200))
        .pixels.every((level) => level === 0),
    ).toBe(true);
    expect(camera('torn-frame').take(picture(200))).toMatchObject({ width: 4, height: 4, sentBytes: 9 });
    const small = camera('wrong-size').take(picture(200));
    expect(small).toMatchObject({ width: 2, height: 2, sentBytes: 4 });
    expect([...small.pixels]).toEqual([200, 200, 200, 200]);
  });
});

import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { createBackground } from './background.js';

const [width, height] = [64, 48];
const floor = 90;
const person = 200;

/** A person of 10 x 20 pixels who walks through; sometimes the detector misses them. */
function walk(background: ReturnType<typeof createBackground>, looks: number, missEvery: number, speed: number): void {
  for (let i = 0; i < looks; i += 1) {
    const pixels = new Uint8Array(width * height).fill(floor);
    const x = (i * speed) % (width - 10);
    for (let y = 10; y < 30; y += 1) pixels.fill(person, y * width + x, y * width + x + 10);
    const box = { xMin: x, yMin: 10, xMax: x + 10, yMax: 30 };
    background.see(aFrame({ width, height, pixels, capturedAtMs: i * 1_000 }), i % missEvery === 0 ? [] : [{ box }]);
  }
}

describe('background', () => {
  it('shows nothing before it knows enough', () => {
    const background = createBackground(1_000);
    walk(background, 10, 1_000, 3);
    expect(background.picture()).toBeUndefined();
  });

  it('never holds a person whom the detector finds, standing or walking', () => {
    const background = createBackground(1_000);
    walk(background, 200, 40, 0); // missed in five looks of two hundred, which is never a majority
    const picture = background.picture();
    const levels = new Set(picture?.pixels);
    expect([...levels].sort((a, b) => a - b)).toEqual([floor, 114]);
  });

  it('shows every place once it was free for long enough, whoever stood there first', () => {
    const background = createBackground(1_000);
    walk(background, 50, 1, 0);
    for (let i = 50; i < 150; i += 1)
      background.see(
        aFrame({ width, height, pixels: new Uint8Array(width * height).fill(floor), capturedAtMs: i * 1_000 }),
        [],
      );
    expect([...new Set(background.picture()?.pixels)]).toEqual([floor]);
  });

  it('is not moved when the detector misses a passer-by now and then', () => {
    const background = createBackground(1_000);
    walk(background, 400, 20, 3);
    expect([...new Set(background.picture()?.pixels)]).toEqual([floor]);
  });
});

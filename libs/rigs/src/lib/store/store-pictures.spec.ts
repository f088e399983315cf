import { decodeImage } from '@edge-blueprints/cameras';
import { beforeAll, describe, expect, it } from 'vitest';
import { peopleLabelSchema } from './scene/people-label.js';
import { storePictures, type StorePicture } from './store-pictures.js';

const options = { count: 1, seed: 1002, perDay: 45, shake: 1, camera: 'entrance', livedS: [60, 90] } as const;

async function pictures(): Promise<readonly StorePicture[]> {
  const all: StorePicture[] = [];
  for await (const picture of storePictures(options)) all.push(picture);
  return all;
}

describe('labelled pictures of the store', () => {
  let made: readonly StorePicture[];
  beforeAll(async () => void (made = await pictures()));

  it('are what the model sees: 416x240, the camera between a bar above and one below', async () => {
    for (const { png } of made) {
      const { width, height, pixels } = await decodeImage(png, 'rgb24');
      expect([width, height]).toEqual([416, 240]);
      const row = (y: number): readonly number[] => [...pixels.subarray(y * width * 3, (y + 1) * width * 3)];
      // The mean, because JPEG rings into a bar of three rows.
      for (const y of [0, 239])
        expect(Math.abs(row(y).reduce((sum, value) => sum + value, 0) / (width * 3) - 114)).toBeLessThan(5);
      expect(new Set(row(120)).size).toBeGreaterThan(10);
    }
  });

  it('have labels of people inside of the camera’s part', () => {
    expect(made.map(({ label }) => label.image)).toEqual(['images/000000.png']);
    const people = made.flatMap(({ label }) => peopleLabelSchema.parse(label).people);
    expect(people.length).toBeGreaterThan(0);
    for (const { box, keypoints, ignore } of people) {
      const [x0, y0, x1, y1] = box;
      expect({ box, inside: x0 >= 0 && x1 <= 416 && y0 >= 3 && y1 <= 237 && x0 < x1 && y0 < y1 }).toEqual({
        box,
        inside: true,
      });
      if (Math.max(x1 - x0, y1 - y0) < 12) expect(ignore).toBe(true);
      for (const [x, y, seen] of keypoints) if (seen > 0) expect(x >= 0 && x <= 416 && y >= 3 && y <= 237).toBe(true);
    }
  });

  it('tell where the camera hangs', () => {
    for (const { label } of made) {
      expect(label.camera).toMatchObject({ heightM: 3.2 });
      expect(label.camera.pitchDeg).toBeGreaterThan(85);
    }
  });
});

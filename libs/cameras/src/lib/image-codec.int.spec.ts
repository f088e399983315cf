import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { Picture } from '@edge-blueprints/vision';
import { cropPicture, decodeGray, decodeImage, encodeJpeg, encodePng, encodeWebp } from './image-codec.js';

const random = createRandom(4);
const gray: Picture = {
  width: 31,
  height: 17,
  format: 'gray8',
  pixels: Uint8Array.from({ length: 31 * 17 }, () => random.integer(0, 255)),
};
const rgb: Picture = {
  width: 9,
  height: 5,
  format: 'rgb24',
  pixels: Uint8Array.from({ length: 9 * 5 * 3 }, () => random.integer(0, 255)),
};

describe('image codec', () => {
  it('gives grey and colour pixels back unchanged through PNG', async () => {
    expect(await decodeGray((await encodePng(gray)).bytes)).toEqual(gray);
    expect(await decodeImage((await encodePng(rgb)).bytes, 'rgb24')).toEqual(rgb);
  });

  it('decodes colour to BT.601 luma', async () => {
    const red: Picture = { width: 1, height: 1, format: 'rgb24', pixels: Uint8Array.of(255, 0, 0) };
    expect((await decodeGray((await encodePng(red)).bytes)).pixels).toEqual(Uint8Array.of(77));
  });

  it('writes what each type says', async () => {
    expect(Buffer.from((await encodePng(gray)).bytes.subarray(1, 4)).toString()).toBe('PNG');
    expect(Buffer.from((await encodeWebp(gray)).bytes.subarray(8, 12)).toString()).toBe('WEBP');
    expect(await encodeJpeg(rgb)).toMatchObject({ mime: 'image/jpeg', width: 9, height: 5 });
  });

  it('refuses what is no image, and a truncated one, by name', async () => {
    await expect(decodeGray(Buffer.from('no image'))).rejects.toMatchObject({ code: 'camera.image-unreadable' });
    const { bytes } = await encodePng({
      width: 200,
      height: 200,
      format: 'gray8',
      pixels: Uint8Array.from({ length: 40_000 }, () => random.integer(0, 255)),
    });
    await expect(decodeGray(bytes.subarray(0, 20_000))).rejects.toMatchObject({ code: 'camera.image-unreadable' });
    await expect(decodeGray('missing/picture.png')).rejects.toThrow(/missing\/picture\.png/);
  });

  it('refuses a picture whose buffer was handed over', async () => {
    await expect(encodePng({ ...gray, pixels: new Uint8Array(0) })).rejects.toMatchObject({
      code: 'camera.image-size',
    });
  });
});

describe('cropPicture', () => {
  const counted: Picture = {
    width: 5,
    height: 4,
    format: 'gray8',
    pixels: Uint8Array.from({ length: 20 }, (_, i) => i),
  };

  it('copies the box and its margin, clipped', () => {
    expect(cropPicture(counted, { xMin: 1.2, yMin: 1, xMax: 2.5, yMax: 2 })).toEqual({
      width: 2,
      height: 1,
      format: 'gray8',
      pixels: Uint8Array.of(6, 7),
    });
    expect(cropPicture(counted, { xMin: 0, yMin: 0, xMax: 1, yMax: 1 }, 1).pixels).toEqual(Uint8Array.of(0, 1, 5, 6));
  });

  it('gives one pixel for a box outside of the picture', () => {
    expect(cropPicture(counted, { xMin: 90, yMin: 90, xMax: 95, yMax: 95 }).pixels).toEqual(Uint8Array.of(19));
  });

  it('keeps the channels together', () => {
    expect(cropPicture(rgb, { xMin: 1, yMin: 0, xMax: 2, yMax: 1 }).pixels).toEqual(rgb.pixels.slice(3, 6));
  });
});

import { expect, it } from 'vitest';
import { createLetterbox } from './letterbox.js';

it('gives the pixels that the training workshop gives (models/workshop/tests/test_anomaly.py has the same numbers)', () => {
  const pixels = Uint8Array.from({ length: 7 * 5 }, (_, i) => (Math.floor(i / 5) * 31 + (i % 5) * 17) % 256);
  const letterbox = createLetterbox({
    srcWidth: 5,
    srcHeight: 7,
    format: 'gray8',
    dstWidth: 8,
    dstHeight: 6,
    channels: 1,
    layout: 'nchw',
    dtype: 'uint8',
    padValue: 0,
  });
  const out = new Uint8Array(48);
  letterbox.write(pixels, out);
  expect([...out.subarray(0, 8)]).toEqual([0, 0, 5, 26, 47, 68, 0, 0]);
  expect([...out.subarray(40)]).toEqual([0, 0, 186, 207, 228, 249, 0, 0]);
});

import type { LetterboxOptions } from './letterbox.js';

// The obvious way: per output element, from the definition, in floating point, into a fresh tensor. Specs hold the fast
// letterbox against it, the bench measures the ratio.

export function letterboxReference(options: LetterboxOptions, pixels: Uint8Array): Float32Array {
  const {
    srcWidth,
    srcHeight,
    dstWidth,
    dstHeight,
    channels,
    layout,
    dtype,
    scale = 1,
    mean = [],
    std = [],
    padValue = 114,
    align = 'centre',
    fit = 'contain',
  } = options;
  const factor = Math.min(dstWidth / srcWidth, dstHeight / srcHeight);
  const width = fit === 'stretch' ? dstWidth : Math.max(1, Math.round(srcWidth * factor));
  const height = fit === 'stretch' ? dstHeight : Math.max(1, Math.round(srcHeight * factor));
  const left = align === 'centre' ? Math.floor((dstWidth - width) / 2) : 0;
  const top = align === 'centre' ? Math.floor((dstHeight - height) / 2) : 0;
  const out = new Float32Array(dstWidth * dstHeight * channels);
  for (let y = 0; y < dstHeight; y += 1) {
    for (let x = 0; x < dstWidth; x += 1) {
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      const sourceX = Math.min(Math.max(((x - left + 0.5) * srcWidth) / width - 0.5, 0), srcWidth - 1);
      const sourceY = Math.min(Math.max(((y - top + 0.5) * srcHeight) / height - 0.5, 0), srcHeight - 1);
      for (let c = 0; c < channels; c += 1) {
        const level = inside ? channelAt(options, pixels, sourceX, sourceY, c) : padValue;
        const value = dtype === 'uint8' ? level : (level * scale - (mean[c] ?? 0)) / (std[c] ?? 1);
        out[layout === 'nchw' ? (c * dstHeight + y) * dstWidth + x : (y * dstWidth + x) * channels + c] = value;
      }
    }
  }
  return out;
}

function channelAt(options: LetterboxOptions, pixels: Uint8Array, x: number, y: number, c: number): number {
  const { format, channels, channelOrder = 'rgb' } = options;
  if (format === 'gray8') return bilinear(options, pixels, x, y, 1, 0);
  if (channels === 3) return bilinear(options, pixels, x, y, 3, channelOrder === 'bgr' ? 2 - c : c);
  const [red, green, blue] = [0, 1, 2].map((source) => bilinear(options, pixels, x, y, 3, source));
  return 0.299 * (red ?? NaN) + 0.587 * (green ?? NaN) + 0.114 * (blue ?? NaN);
}

function bilinear(
  { srcWidth, srcHeight }: LetterboxOptions,
  pixels: Uint8Array,
  x: number,
  y: number,
  step: number,
  c: number,
): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const x1 = Math.min(x0 + 1, srcWidth - 1);
  const y1 = Math.min(y0 + 1, srcHeight - 1);
  const wx = x - x0;
  const wy = y - y0;
  const upper =
    (pixels[(y0 * srcWidth + x0) * step + c] ?? NaN) * (1 - wx) + (pixels[(y0 * srcWidth + x1) * step + c] ?? NaN) * wx;
  const lower =
    (pixels[(y1 * srcWidth + x0) * step + c] ?? NaN) * (1 - wx) + (pixels[(y1 * srcWidth + x1) * step + c] ?? NaN) * wx;
  return upper * (1 - wy) + lower * wy;
}

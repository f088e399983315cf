/**
 * Luma of packed RGB in integers: (77 R + 150 G + 29 B + 128) / 256, the BT.601 weights in 1/256.
 * @see ITU-R BT.601, section 2.5.1
 */
export function rgbToLuma(rgb: Uint8Array, out: Uint8Array, outOffset: number, pixelCount: number): void {
  for (let i = 0, from = 0; i < pixelCount; i += 1, from += 3) {
    out[outOffset + i] = (77 * (rgb[from] ?? 0) + 150 * (rgb[from + 1] ?? 0) + 29 * (rgb[from + 2] ?? 0) + 128) >> 8;
  }
}

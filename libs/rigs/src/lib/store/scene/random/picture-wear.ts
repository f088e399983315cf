import type { Random } from '@edge-blueprints/contracts';

/** What a cheap camera does to a picture beyond light and noise: cast, contrast, motion, flicker. In place, RGB bytes. */
export function wearPicture(random: Random, pixels: Uint8Array, width: number, height: number): void {
  if (random.next() < 0.35) {
    const gain = [0.8 + 0.4 * random.next(), 0.85 + 0.3 * random.next(), 0.8 + 0.4 * random.next()] as const;
    const bend = 0.75 + 0.55 * random.next();
    const curves = gain.map((k) =>
      Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, 255 * (value / 255) ** bend * k)),
    );
    for (let index = 0; index < pixels.length; index += 1) pixels[index] = curves[index % 3]?.[pixels[index] ?? 0] ?? 0;
  }
  if (random.next() < 0.12) smear(pixels, { width, height, length: random.integer(2, 5), down: random.next() < 0.3 });
  if (random.next() < 0.08) greyOut(pixels);
  if (random.next() < 0.12) {
    const [rows, phase, depth] = [20 + 120 * random.next(), random.next() * 6.3, 0.03 + 0.12 * random.next()];
    for (let row = 0; row < height; row += 1) {
      const k = 1 - depth * (0.5 + 0.5 * Math.sin((row / rows) * 2 * Math.PI + phase));
      for (let index = row * width * 3; index < (row + 1) * width * 3; index += 1)
        pixels[index] = (pixels[index] ?? 0) * k;
    }
  }
}

/** A camera that shook: the mean along a line. */
function smear(
  pixels: Uint8Array,
  {
    width,
    height,
    length,
    down,
  }: { readonly width: number; readonly height: number; readonly length: number; readonly down: boolean },
): void {
  const source = pixels.slice();
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let d = 0; d < length; d += 1) {
          const y = down ? Math.min(row + d, height - 1) : row;
          const x = down ? column : Math.min(column + d, width - 1);
          sum += source[(y * width + x) * 3 + channel] ?? 0;
        }
        pixels[(row * width + column) * 3 + channel] = sum / length;
      }
    }
  }
}

/** Night mode. */
function greyOut(pixels: Uint8Array): void {
  for (let index = 0; index < pixels.length; index += 3) {
    const grey = 0.299 * (pixels[index] ?? 0) + 0.587 * (pixels[index + 1] ?? 0) + 0.114 * (pixels[index + 2] ?? 0);
    pixels.fill(grey, index, index + 3);
  }
}

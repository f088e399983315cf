import type { Box, Random } from '@edge-blueprints/contracts';

export const side = 640;

export interface PlantedDefect {
  readonly classIndex: number;
  readonly label: string;
  readonly box: Box;
}

export const labels = ['open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole'] as const;

interface Trace {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

export interface Board {
  readonly pixels: Uint8Array;
  readonly traces: readonly Trace[];
}

const copper = 222;
const base = 34;

/** Something that looks like a bare board: traces, pads, a grid of vias. */
export function drawTemplate(random: Random): Board {
  const pixels = new Uint8Array(side * side).fill(base);
  const traces: Trace[] = [];
  for (let y = 40; y < side - 30; y += 26) {
    let x = 20 + random.integer(0, 60);
    while (x < side - 90) {
      const to = Math.min(side - 20, x + random.integer(90, 320));
      rectangle(pixels, x, y - 4, to, y + 4, copper);
      traces.push({ y, from: x, to });
      if (random.next() < 0.7) disc(pixels, x, y, 10, copper);
      if (random.next() < 0.7) disc(pixels, to, y, 10, copper);
      disc(pixels, x, y, 4, base);
      x = to + random.integer(34, 90);
    }
  }
  for (let n = 0; n < 6; n++) {
    const x = random.integer(1, 9) * 60;
    const y = 40 + random.integer(0, 14) * 26;
    rectangle(pixels, x - 4, y, x + 4, Math.min(side - 20, y + 26 * random.integer(2, 6)), copper);
  }
  return { pixels, traces };
}

/** A part made from a template: sensor noise, and the defects at places where they can be. */
export function drawPart(
  template: Board,
  defects: number,
  noise: boolean,
  random: Random,
): { pixels: Uint8Array; planted: PlantedDefect[] } {
  const pixels = template.pixels.slice();
  const planted: PlantedDefect[] = [];
  for (let n = 0; n < defects; n++) {
    const trace = template.traces[random.integer(0, template.traces.length - 1)];
    if (!trace) break;
    const classIndex = random.integer(0, labels.length - 1);
    const x = random.integer(trace.from + 24, trace.to - 24);
    planted.push({ classIndex, label: labels[classIndex] ?? 'open', box: damage(pixels, classIndex, x, trace.y) });
  }
  for (let i = 0; noise && i < pixels.length; i++)
    pixels[i] = Math.max(0, Math.min(255, (pixels[i] ?? 0) + Math.round(random.next() * 8 - 4)));
  return { pixels, planted };
}

function damage(pixels: Uint8Array, classIndex: number, x: number, y: number): Box {
  const box = (width: number, top: number, bottom: number): Box => ({
    xMin: x - width,
    yMin: y + top,
    xMax: x + width,
    yMax: y + bottom,
  });
  switch (classIndex) {
    case 0:
      rectangle(pixels, x - 6, y - 5, x + 6, y + 5, base);
      return box(10, -8, 8);
    case 1:
      rectangle(pixels, x - 3, y, x + 3, y + 26, copper);
      return box(9, 2, 25);
    case 2:
      disc(pixels, x, y - 5, 5, base);
      return box(9, -12, 5);
    case 3:
      rectangle(pixels, x - 3, y + 4, x + 2, y + 14, copper);
      return box(9, 0, 18);
    case 4:
      disc(pixels, x, y + 13, 5, copper);
      return box(9, 5, 21);
    default:
      disc(pixels, x, y, 2.6, base);
      return box(8, -8, 8);
  }
}

/** A square cut around a defect, at the scale of the sensor. */
export function crop(pixels: Uint8Array, box: Box, size: number): Uint8Array {
  const out = new Uint8Array(size * size);
  const left = Math.max(0, Math.min(side - size, Math.round((box.xMin + box.xMax - size) / 2)));
  const top = Math.max(0, Math.min(side - size, Math.round((box.yMin + box.yMax - size) / 2)));
  for (let y = 0; y < size; y++)
    out.set(pixels.subarray((top + y) * side + left, (top + y) * side + left + size), y * size);
  return out;
}

function rectangle(pixels: Uint8Array, left: number, top: number, right: number, bottom: number, value: number): void {
  for (let y = Math.max(0, top); y < Math.min(side, bottom); y++)
    pixels.fill(value, y * side + Math.max(0, left), y * side + Math.min(side, right));
}

function disc(pixels: Uint8Array, x: number, y: number, radius: number, value: number): void {
  for (let dy = -Math.ceil(radius); dy <= radius; dy++) {
    const half = Math.round(Math.sqrt(Math.max(0, radius * radius - dy * dy)));
    if (half > 0) rectangle(pixels, x - half, y + dy, x + half, y + dy + 1, value);
  }
}

// Pixels that no camera makes, stamped into every picture on its way to the node, and all the forms they could leave in.
import { createRandom } from '@edge-blueprints/contracts';

export const canary = { x: 8, y: 8, width: 64, height: 8 };
/** So many pixels of a row are searched for at once: nothing else has them by chance. */
const run = 10;

const pixels = (() => {
  const random = createRandom(20_260_302);
  return Uint8Array.from({ length: canary.width * canary.height * 3 }, () => random.integer(0, 255));
})();

/** Overwrites the corner of a packed rgb24 picture. */
export function stamp(picture: Uint8Array, width: number): void {
  for (let row = 0; row < canary.height; row += 1)
    picture.set(
      pixels.subarray(row * canary.width * 3, (row + 1) * canary.width * 3),
      ((canary.y + row) * width + canary.x) * 3,
    );
}

export interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

type Channel = (r: number, g: number, b: number) => readonly number[];
const layouts: Readonly<Record<string, Channel>> = {
  rgb: (r, g, b) => [r, g, b],
  bgr: (r, g, b) => [b, g, r],
  rgba: (r, g, b) => [r, g, b, 255],
  bgra: (r, g, b) => [b, g, r, 255],
  red: (r) => [r],
  green: (_, g) => [g],
  blue: (_r, _g, b) => [b],
  grey: (r, g, b) => [Math.round(0.299 * r + 0.587 * g + 0.114 * b)],
  'grey, rounded down': (r, g, b) => [Math.floor(0.299 * r + 0.587 * g + 0.114 * b)],
  'grey of equal parts': (r, g, b) => [Math.round((r + g + b) / 3)],
};

/** Every row in every layout, as bytes, floats, hex, base64 in its three alignments, and decimal lists. */
export const needles: readonly Needle[] = Array.from({ length: canary.height }, (_, row) => row).flatMap((row) =>
  Object.entries(layouts).flatMap(([layout, channel]) => {
    const values = Array.from({ length: run }, (_, i) => {
      const at = (row * canary.width + i) * 3;
      return channel(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
    }).flat();
    const bytes = Buffer.from(values);
    const floats = (scale: number): Buffer => Buffer.from(Float32Array.from(values, (v) => v / scale).buffer);
    const base64 = [0, 1, 2].flatMap((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      // The ends depend on what stands beside them.
      const core = text.slice(4, Math.floor((shift + bytes.length) / 3) * 4);
      return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
    });
    const of = (name: string, needle: Buffer): Needle => ({ name: `${layout} ${name}`, bytes: needle });
    return [
      of('bytes', bytes),
      of('floats 0 to 1', floats(255)),
      of('floats 0 to 255', floats(1)),
      of('hex', Buffer.from(bytes.toString('hex'))),
      of('hex', Buffer.from(bytes.toString('hex').toUpperCase())),
      ...base64.map((text) => of('base64', Buffer.from(text))),
      of('list', Buffer.from(values.join(','))),
      of('list', Buffer.from(values.join(', '))),
    ].filter(({ bytes: needle }) => needle.length >= 8);
  }),
);

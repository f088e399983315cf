import { z } from 'zod';

/** How the line can be told to misbehave. */
export const lineFaultNames = [
  'camera-gone',
  'camera-freeze',
  'light-drift',
  'light-fade',
  'black-frame',
  'torn-frame',
  'wrong-size',
  'belt-too-fast',
  'belt-stop',
  'belt-reverse',
  'encoder-slip',
] as const;
export type LineFault = (typeof lineFaultNames)[number];

export const lineCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('fault'), name: z.enum(lineFaultNames), on: z.boolean() }),
  z.strictObject({ command: z.literal('golden') }),
]);
export type LineCommand = z.infer<typeof lineCommandSchema>;

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** Bytes that leave the camera; fewer than the pixels when the picture is torn. */
  readonly sentBytes: number;
}

/** What a sick camera makes of the picture in front of it. */
export interface SickCamera {
  take(picture: { readonly width: number; readonly height: number; readonly pixels: Uint8Array }): Picture;
}

/** What the light loses with each picture, and where it stays: a failing lamp, and dust that settles over a shift. */
const dimming = { 'light-drift': { step: 0.025, dimmest: 0.35 }, 'light-fade': { step: 0.002, dimmest: 0.7 } } as const;

export function createSickCamera(active: ReadonlySet<LineFault>): SickCamera {
  let light = 1;
  let last: Picture | undefined;
  return {
    take(picture) {
      const dims = active.has('light-drift')
        ? dimming['light-drift']
        : active.has('light-fade')
          ? dimming['light-fade']
          : undefined;
      light = dims === undefined ? 1 : Math.max(dims.dimmest, light - dims.step);
      let { width, height, pixels } = picture;
      if (active.has('camera-freeze') && last) return last;
      if (light < 1) pixels = pixels.map((level) => Math.round(level * light));
      if (active.has('black-frame')) pixels = new Uint8Array(pixels.length);
      if (active.has('wrong-size')) {
        const half = Math.floor(width / 2);
        const source = pixels;
        const fullWidth = width;
        pixels = new Uint8Array(half * Math.floor(height / 2)).map(
          (_, i) => source[Math.floor(i / half) * 2 * fullWidth + (i % half) * 2] ?? 0,
        );
        width = half;
        height = Math.floor(height / 2);
      }
      const sentBytes = active.has('torn-frame') ? Math.floor(pixels.length * 0.6) : pixels.length;
      last = { width, height, pixels, sentBytes };
      return last;
    },
  };
}

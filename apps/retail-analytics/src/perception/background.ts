import type { Box, Frame } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';

/**
 * What a camera looks at when nobody is there: what an operator clicks calibration points on. In memory only, and only
 * where the configuration asks for it.
 */
export interface Background {
  /** @param people boxes of everybody that was found in the frame */
  see(frame: Frame, people: readonly { readonly box: Box }[]): void;
  /** Undefined until enough of it is known. Places that were never seen free are grey. */
  picture(): Picture | undefined;
  /** The camera looks elsewhere now. */
  forget(): void;
}

/** A place is shown when so many more looks agreed with its value than did not, with nobody there. */
const freeLooks = 30;
/** Looks agree with a value within so many levels. */
const agreeLevels = 20;
/** Boxes are widened by this share of their size: a shadow, an arm, a trolley. */
const widen = 0.25;
const leastShown = 0.3;
const grey = 114;

/**
 * Each place keeps the value that most looks agree on (a look that agrees votes for it and moves it one level, one that
 * does not votes against it, without votes the next look is taken), never fed from within the widened box of a person. A
 * passer-by whom the detector missed now and then is outvoted.
 * @param everyMs time between looks
 */
export function createBackground(everyMs: number): Background {
  let value = new Uint8Array(0);
  let votesOf = new Uint8Array(0);
  let blocked = new Uint8Array(0);
  let size = { width: 0, height: 0, channels: 0 };
  let lastMs = Number.NEGATIVE_INFINITY;

  const start = (width: number, height: number, channels: number): void => {
    size = { width, height, channels };
    value = new Uint8Array(width * height * channels);
    votesOf = new Uint8Array(width * height);
    blocked = new Uint8Array(width * height);
  };
  return {
    see: (frame, people) => {
      if (frame.capturedAtMs - lastMs < everyMs) return;
      lastMs = frame.capturedAtMs;
      const channels = frame.format === 'rgb24' ? 3 : 1;
      if (frame.width !== size.width || frame.height !== size.height || channels !== size.channels)
        start(frame.width, frame.height, channels);
      blocked.fill(0);
      for (const { box } of people) block(blocked, size, box);
      for (let i = 0; i < votesOf.length; i += 1) {
        if (blocked[i] === 1) continue;
        const from = i * channels;
        const votes = votesOf[i] ?? 0;
        let apart = 0;
        for (let at = from; at < from + channels; at += 1)
          apart = Math.max(apart, Math.abs((frame.pixels[at] ?? 0) - (value[at] ?? 0)));
        if (votes > 0 && apart > agreeLevels) {
          votesOf[i] = votes - 1;
          continue;
        }
        for (let at = from; at < from + channels; at += 1) {
          const now = frame.pixels[at] ?? 0;
          const before = value[at] ?? 0;
          value[at] = votes === 0 ? now : before + Math.sign(now - before);
        }
        votesOf[i] = Math.min(255, votes + 1);
      }
    },
    picture: () => {
      const { width, height, channels } = size;
      const shown = votesOf.reduce((sum, count) => sum + (count >= freeLooks ? 1 : 0), 0);
      if (votesOf.length === 0 || shown < votesOf.length * leastShown) return undefined;
      const pixels = value.slice();
      for (const [i, count] of votesOf.entries())
        if (count < freeLooks) pixels.fill(grey, i * channels, (i + 1) * channels);
      return { width, height, format: channels === 3 ? 'rgb24' : 'gray8', pixels };
    },
    forget: () => start(0, 0, 0),
  };
}

function block(
  blocked: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  { xMin, yMin, xMax, yMax }: Box,
): void {
  const [sideX, sideY] = [(xMax - xMin) * widen, (yMax - yMin) * widen];
  const left = Math.max(0, Math.floor(xMin - sideX));
  const right = Math.min(width, Math.ceil(xMax + sideX));
  const bottom = Math.min(height, Math.ceil(yMax + sideY));
  for (let y = Math.max(0, Math.floor(yMin - sideY)); y < bottom; y += 1)
    blocked.fill(1, y * width + left, y * width + right);
}

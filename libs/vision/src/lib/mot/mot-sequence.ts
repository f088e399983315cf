import { UsageError } from '@edge-blueprints/contracts';
import { intersectionOverUnion } from '../intersection-over-union.js';
import type { MotBox } from './mot-text.js';

/** What is there and what was tracked in one frame, with the overlap of every pair. */
export interface MotFrame {
  readonly frame: number;
  /** Index of each true object and of each tracked one, 0 to `objects` - 1 and `tracks` - 1 of the sequence. */
  readonly objects: readonly number[];
  readonly tracks: readonly number[];
  /** IoU, row-major objects x tracks. */
  readonly overlaps: Float64Array;
}

export interface MotSequence {
  readonly frames: readonly MotFrame[];
  readonly objects: number;
  readonly tracks: number;
}

/**
 * Truth and result side by side, frame after frame.
 * @throws UsageError `vision.mot-twice` where an id stands twice in one frame: no score is defined for that
 */
export function motSequence(truth: readonly MotBox[], result: readonly MotBox[]): MotSequence {
  const objects = byFrame(truth, 'truth');
  const tracks = byFrame(result, 'result');
  const objectIndex = indexOf(truth);
  const trackIndex = indexOf(result);
  const numbers = [...new Set([...objects.keys(), ...tracks.keys()])].sort((a, b) => a - b);
  return {
    objects: objectIndex.size,
    tracks: trackIndex.size,
    frames: numbers.map((frame) => {
      const there = objects.get(frame) ?? [];
      const found = tracks.get(frame) ?? [];
      const overlaps = new Float64Array(there.length * found.length);
      there.forEach((object, row) => {
        found.forEach((track, column) => {
          overlaps[row * found.length + column] = intersectionOverUnion(object.box, track.box);
        });
      });
      return {
        frame,
        objects: there.map(({ id }) => objectIndex.get(id) ?? -1),
        tracks: found.map(({ id }) => trackIndex.get(id) ?? -1),
        overlaps,
      };
    }),
  };
}

/** Boxes of each frame, in the order of the file. */
export function byFrame(boxes: readonly MotBox[], what: string): Map<number, MotBox[]> {
  const frames = new Map<number, MotBox[]>();
  for (const box of boxes) {
    const list = frames.get(box.frame);
    if (list === undefined) frames.set(box.frame, [box]);
    else list.push(box);
  }
  for (const [frame, list] of frames) {
    const ids = list.map(({ id }) => id).filter((id) => id !== -1);
    if (new Set(ids).size === ids.length) continue;
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    throw new UsageError('vision.mot-twice', `The ${what} has id ${twice} twice in frame ${frame}.`);
  }
  return frames;
}

function indexOf(boxes: readonly MotBox[]): Map<number, number> {
  const index = new Map<number, number>();
  for (const { id } of boxes) if (!index.has(id)) index.set(id, index.size);
  return index;
}

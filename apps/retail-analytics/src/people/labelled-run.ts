import type { Detection } from '@edge-blueprints/contracts';
import { decodeImage } from '@edge-blueprints/cameras';
import type { Picture } from '@edge-blueprints/vision';
import { still } from './footage.js';
import type { LabelledFrame } from './mot17-frames.js';
import type { PeopleModel } from './people-model.js';
import { scorePeople, type PeopleScore } from './people-score.js';

export interface LabelledRun {
  readonly all: PeopleScore;
  readonly bySequence: Readonly<Record<string, PeopleScore>>;
  /** Median time of the detector alone on one thread, ms; a hint, not a benchmark. */
  readonly medianRunMs: number;
}

/**
 * Looks at every labelled picture and scores what was found.
 * @param onPicture sees the first pictures of each sequence with what was found
 */
export async function runLabelled(
  model: PeopleModel,
  frames: readonly LabelledFrame[],
  shownPerSequence: number,
  onPicture: (name: string, picture: Picture, detections: readonly Detection[]) => Promise<void>,
): Promise<LabelledRun> {
  const judged: { readonly frame: LabelledFrame; readonly detections: readonly Detection[] }[] = [];
  const runsMs: number[] = [];
  const seen = new Map<string, number>();
  for (const [sequence, frame] of frames.entries()) {
    const picture = await decodeImage(frame.file, 'rgb24');
    const { detections, runMs } = await model.find({ ...picture, ...still(sequence) }, model.threshold);
    judged.push({ frame, detections });
    runsMs.push(runMs);
    const name = sequenceOf(frame);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    if (before < shownPerSequence) await onPicture(frame.name.replaceAll(/[^\w-]+/g, '-'), picture, detections);
  }
  const bySequence = [...seen.keys()].map((name) => {
    const own = judged.filter(({ frame }) => sequenceOf(frame) === name);
    return [name, scorePeople(own)] as const;
  });
  return {
    all: scorePeople(judged),
    bySequence: Object.fromEntries(bySequence),
    medianRunMs: runsMs.sort((a, b) => a - b)[Math.floor(runsMs.length / 2)] ?? 0,
  };
}

const sequenceOf = ({ name }: LabelledFrame): string => name.split('/')[0] ?? '';

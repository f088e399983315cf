import type { Detection } from '@edge-blueprints/contracts';
import { averagePrecision, bestF, matchDetections } from '@edge-blueprints/vision';
import type { LabelledFrame } from './mot17-frames.js';

/** How well people were found. */
export interface PeopleScore {
  readonly frames: number;
  readonly people: number;
  /** Average precision at an overlap above 0.5, all-point interpolation. */
  readonly ap: number | null;
  /** The threshold with the highest F-score on these very pictures, which flatters it. */
  readonly bestThreshold: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
}

const overlap = 0.5;

export function scorePeople(
  frames: readonly { readonly frame: LabelledFrame; readonly detections: readonly Detection[] }[],
): PeopleScore {
  const person = { classIndex: 0, label: 'person' };
  const judged = frames.map(({ frame, detections }) => ({
    truth: frame.people.map((box) => ({ ...person, box })),
    ignored: frame.ignored,
    // The place of "person" among the classes of the model does not matter here.
    detections: detections.map((detection) => ({ ...detection, ...person })),
  }));
  const matched = matchDetections(judged, ['person'], overlap);
  const [people] = matched;
  const best = bestF(matched);
  return {
    frames: frames.length,
    people: people?.truths ?? 0,
    ap: people === undefined ? null : averagePrecision(people),
    bestThreshold: best?.threshold ?? null,
    precision: best?.precision ?? null,
    recall: best?.recall ?? null,
  };
}

import { EdgeError } from '@edge-blueprints/contracts';
import type { Detection, Frame } from '@edge-blueprints/contracts';
import { createDecoder, createPersonCropPreparation } from '@edge-blueprints/vision';
import type { OpenedModel } from './open-perception.js';

/** Body points of each person, by a second model that looks at one person at a time. */
export interface PersonPose {
  /** People in the same order; those beyond the bound, too late, or whose run failed, are left as they were and counted. */
  refine(frame: Frame, people: readonly Detection[], deadlineMs: number): Promise<readonly Detection[]>;
  readonly skipped: number;
}

/** Each person costs a run of the model: the best ones of a frame are looked at, the others are left as they are. */
const maxCrops = 12;

export function createPersonPose(
  { engine, manifest, variant }: Pick<OpenedModel, 'engine' | 'manifest' | 'variant'>,
  nowMs: () => number,
): PersonPose {
  const { preprocess } = manifest;
  if (preprocess.kind !== 'person-crop')
    throw new EdgeError('store.bundle-unsuitable', `Bundle ${manifest.name} does not look at one person at a time`);
  const size = manifest.variants.find(({ id }) => id === variant);
  const decode = createDecoder(manifest.postprocess, {
    labels: manifest.labels,
    ...(manifest.keypoints === undefined ? {} : { keypoints: manifest.keypoints }),
    width: size?.width ?? 0,
    height: size?.height ?? 0,
  });
  const prepare = createPersonCropPreparation({ rules: preprocess, engine });
  let skipped = 0;
  const look = async (frame: Frame, { box }: Detection, deadlineMs: number) => {
    const { inputs, mapping } = prepare(frame, box);
    const { outputs } = await engine.infer(inputs, { deadlineMs });
    return decode(outputs, mapping)[0]?.keypoints;
  };
  return {
    refine: async (frame, people, deadlineMs) => {
      const refined: Detection[] = [];
      for (const person of people) {
        if (refined.length >= maxCrops || nowMs() > deadlineMs) {
          skipped += 1;
          refined.push(person);
          continue;
        }
        const keypoints = await look(frame, person, deadlineMs).catch(() => {
          skipped += 1;
          return undefined;
        });
        refined.push(keypoints === undefined ? person : { ...person, keypoints });
      }
      return refined;
    },
    get skipped() {
      return skipped;
    },
  };
}

import { EdgeError } from '@edge-blueprints/contracts';
import type { Detection, Frame, InferenceResult } from '@edge-blueprints/contracts';
import { createDecoder, createLetterboxPreparation } from '@edge-blueprints/vision';
import type { BoxMapping } from '@edge-blueprints/vision';
import type { StoreLine } from '../store-line.js';
import { personLabel, type OpenedModel } from './open-perception.js';

/** preprocess, infer and postprocess of the model that finds people, for all cameras. */
export interface PersonFinder extends Pick<StoreLine, 'preprocess' | 'infer'> {
  /** People only, best first. @throws EdgeError `vision.output-malformed`: never an empty list for an unreadable output */
  people(result: InferenceResult, mapping: BoxMapping): readonly Detection[];
  /** People of a frame beyond `maxPeople`, since the start. */
  readonly beyondCapacity: number;
}

/** @throws ConfigError where the bundle's preprocess is not a letterbox; `requireSuitable` has said so before */
export function createPersonFinder(
  { engine, manifest, variant }: Pick<OpenedModel, 'engine' | 'manifest' | 'variant'>,
  maxPeople: number,
): PersonFinder {
  const { preprocess } = manifest;
  if (preprocess.kind !== 'letterbox')
    throw new EdgeError('store.bundle-unsuitable', `Bundle ${manifest.name} is not prepared by a letterbox`);
  const size = manifest.variants.find(({ id }) => id === variant);
  const decode = createDecoder(manifest.postprocess, {
    labels: manifest.labels,
    ...(manifest.keypoints === undefined ? {} : { keypoints: manifest.keypoints }),
    width: size?.width ?? 0,
    height: size?.height ?? 0,
  });
  const prepare = createLetterboxPreparation({ rules: preprocess, engine });
  let beyondCapacity = 0;
  return {
    preprocess: (frame: Frame) => prepare(frame),
    infer: ({ inputs }, deadlineMs) => engine.infer(inputs, { deadlineMs }),
    people: (result, mapping) => {
      const people = decode(result.outputs, mapping).filter(({ label }) => label === personLabel);
      beyondCapacity += Math.max(0, people.length - maxPeople);
      return people.slice(0, maxPeople);
    },
    get beyondCapacity() {
      return beyondCapacity;
    },
  };
}

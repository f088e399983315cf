import type { RecordedDetection, Tensors } from '@edge-blueprints/contracts';
import { pictureFeatures, responseEmbedding } from '@edge-blueprints/vision';
import type { Picture, PictureFeatures } from '@edge-blueprints/vision';

/** Scalar features that are watched, with their unit for people. */
export const partFeatureUnits = {
  brightness: 'of the template',
  contrast: 'of the template',
  sharpness: 'of the template',
  confidence: 'score',
} as const;
export type PartFeatureName = keyof typeof partFeatureUnits;

export interface PartFeatures {
  /** The picture by itself. */
  readonly picture: PictureFeatures;
  /** Absent where a part has none: no template in a station without, no confidence on a part without a detection. */
  readonly scalars: Readonly<Partial<Record<PartFeatureName, number>>>;
  /** The model's response, pooled; undefined where the model answers with no map. */
  readonly embedding: Float64Array | undefined;
}

/**
 * What drift is watched on. Brightness, contrast and sharpness are ratios to the part's golden template, because boards of
 * two products differ more than a dying lamp; without templates they are the picture's own. `confidence` is the best score
 * of the detections that counted, so that it does not follow the share of bad parts.
 */
export function partFeatures(
  picture: Picture,
  template: Picture | undefined,
  detections: readonly RecordedDetection[],
  response: { readonly outputs: Tensors | undefined; readonly output: string | undefined },
): PartFeatures {
  const own = pictureFeatures(picture);
  const golden = template === undefined ? { brightness: 1, contrast: 1, sharpness: 1 } : pictureFeatures(template);
  const ratio = (value: number, to: number): number | undefined => (to > 0 ? value / to : undefined);
  const counted = detections.filter((detection) => detection.counted);
  const all = {
    brightness: ratio(own.brightness, golden.brightness),
    contrast: ratio(own.contrast, golden.contrast),
    sharpness: ratio(own.sharpness, golden.sharpness),
    confidence: counted.length === 0 ? undefined : Math.max(...counted.map(({ score }) => score)),
  };
  const { outputs, output } = response;
  return {
    picture: own,
    scalars: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    embedding: outputs === undefined || output === undefined ? undefined : responseEmbedding(outputs, output),
  };
}

/** The output with a map of responses, where the decoder has one. */
export function responseOutput(postprocess: Readonly<Record<string, unknown>>): string | undefined {
  const name = postprocess['scores'] ?? postprocess['map'];
  return typeof name === 'string' ? name : undefined;
}

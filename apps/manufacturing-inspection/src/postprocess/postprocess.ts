import { EdgeError } from '@edge-blueprints/contracts';
import type { Detection, InferenceResult } from '@edge-blueprints/contracts';
import { createDecoder } from '@edge-blueprints/vision';
import type { BoxMapping, Decoder, Postprocess } from '@edge-blueprints/vision';

/**
 * Outputs of whichever variant ran to detections in pixels of the frame.
 * @throws EdgeError `vision.output-malformed`, `postprocess.variant-unknown`: never an empty list for an unreadable output
 */
export function createPostprocess(bundle: {
  readonly labels: readonly string[];
  readonly postprocess: Postprocess;
  readonly variants: readonly { readonly id: string; readonly width: number; readonly height: number }[];
}): (result: InferenceResult, mapping: BoxMapping) => readonly Detection[] {
  const decoders = new Map<string, Decoder>(
    bundle.variants.map(({ id, width, height }) => [
      id,
      createDecoder(bundle.postprocess, { labels: bundle.labels, width, height }),
    ]),
  );
  return (result, mapping) => {
    const decode = decoders.get(result.variant);
    if (decode === undefined) {
      throw new EdgeError(
        'postprocess.variant-unknown',
        `The engine ran variant ${result.variant}, which the bundle does not have`,
      );
    }
    return decode(result.outputs, mapping);
  };
}

import type { Box } from '@edge-blueprints/contracts';
import { createCropAndScale, personRegion, type CropAndScale, type CroppedFrame } from './crop-and-scale.js';
import { pictureInput, type InputOwner, type PictureRules, type PreparedPicture } from './picture-rules.js';

/** The `preprocess` of a bundle of kind person-crop. */
export interface PersonCropRules extends PictureRules {
  /** Side of the crop over side of the person's box, before it is widened to the sides of the input. */
  readonly margin: number;
}

/**
 * Scales the part of a frame around one person into an input of the engine, for pose models that look at one person.
 * @throws EdgeError `preprocess.input` when the engine's input does not fit the rules
 */
export function createPersonCropPreparation(options: {
  readonly rules: PersonCropRules;
  readonly engine: InputOwner;
}): (frame: CroppedFrame, box: Box) => PreparedPicture {
  const { rules, engine } = options;
  let crop: { readonly key: string; readonly scaler: CropAndScale } | undefined;
  return (frame, box) => {
    const { inputs, data, tensor } = pictureInput(rules, engine);
    const key = `${tensor.dstWidth}x${tensor.dstHeight} ${tensor.dtype}`;
    if (crop?.key !== key) crop = { key, scaler: createCropAndScale({ ...tensor, padValue: rules.padValue }) };
    const region = personRegion(box, tensor.dstWidth / tensor.dstHeight, rules.margin);
    return { inputs, mapping: crop.scaler.write(frame, region, data) };
  };
}

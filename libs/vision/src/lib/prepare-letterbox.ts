import type { Frame } from '@edge-blueprints/contracts';
import { createLetterbox, type Letterbox, type LetterboxAlign, type LetterboxFit } from './letterbox.js';
import { pictureInput, type InputOwner, type PictureRules, type PreparedPicture } from './picture-rules.js';

/** The `preprocess` of a bundle of kind letterbox. */
export interface LetterboxRules extends PictureRules {
  readonly align?: LetterboxAlign | undefined;
  readonly fit?: LetterboxFit | undefined;
}

/** Sizes of frames whose tables are kept; a camera has one, a folder of cut-out parts has many. */
const keptSizes = 32;

/**
 * Scales each frame into an input of the engine, as the rules say. Frames may change their size.
 * @throws EdgeError `preprocess.input` when the engine's input does not fit the rules
 */
export function createLetterboxPreparation(options: {
  readonly rules: LetterboxRules;
  readonly engine: InputOwner;
}): (frame: Frame) => PreparedPicture {
  const { rules, engine } = options;
  const letterboxes = new Map<string, Letterbox>();
  return (frame) => {
    const { inputs, data, tensor } = pictureInput(rules, engine);
    const key = `${frame.width}x${frame.height} ${frame.format} ${tensor.dstWidth}x${tensor.dstHeight} ${tensor.dtype}`;
    const letterbox =
      letterboxes.get(key) ??
      createLetterbox({
        ...tensor,
        ...{ srcWidth: frame.width, srcHeight: frame.height, format: frame.format },
        ...{ padValue: rules.padValue, align: rules.align, fit: rules.fit },
      });
    letterboxes.delete(key);
    letterboxes.set(key, letterbox);
    const oldest = letterboxes.keys().next();
    if (letterboxes.size > keptSizes && oldest.done !== true) letterboxes.delete(oldest.value);
    letterbox.write(frame.pixels, data);
    return { inputs, mapping: letterbox.mapping };
  };
}

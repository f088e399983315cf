import type { Detection, Tensors } from '@edge-blueprints/contracts';
import { toFrameBox, type BoxMapping } from './box-mapping.js';
import { createAnomalyMapDecoder } from './decode-anomaly-map.js';
import { createCentreLtrbDecoder } from './decode-centre-ltrb.js';
import { createNmsFreeDecoder } from './decode-nms-free.js';
import { createYoloV8Decoder } from './decode-yolo-v8.js';
import { createYoloxDecoder } from './decode-yolox.js';
import type { DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Outputs of the model to detections, best first, after suppression. Boxes are pixels of the frame with a mapping, pixels
 * of the model input without. One decoder serves one caller at a time: it reuses its working memory.
 * @throws EdgeError `vision.output-malformed`: never an empty list for an output that cannot be read
 */
export type Decoder = (outputs: Tensors, mapping?: BoxMapping) => readonly Detection[];

export function createDecoder(rules: Postprocess, model: DecodedModel): Decoder {
  const decode = decoderOf(rules, model);
  return (outputs, mapping) => {
    const detections = decode(outputs);
    return mapping ? detections.map((d) => ({ ...d, box: toFrameBox(d.box, mapping) })) : detections;
  };
}

function decoderOf(rules: Postprocess, model: DecodedModel): (outputs: Tensors) => Detection[] {
  switch (rules.decoder) {
    case 'centre-ltrb':
      return createCentreLtrbDecoder(rules, model);
    case 'yolo-v8':
      return createYoloV8Decoder(rules, model);
    case 'nms-free':
      return createNmsFreeDecoder(rules, model);
    case 'yolox':
      return createYoloxDecoder(rules, model);
    case 'anomaly-map':
      return createAnomalyMapDecoder(rules, model);
  }
}

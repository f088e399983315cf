import { EdgeError, type Detection, type Tensors } from '@edge-blueprints/contracts';
import { toFrameBox, toFramePoint, type BoxMapping } from './box-mapping.js';
import { createAnomalyMapDecoder } from './decode-anomaly-map.js';
import { createCentreLtrbDecoder } from './decode-centre-ltrb.js';
import { createCentrePoseDecoder } from './decode-centre-pose.js';
import { createFastestdetDecoder } from './decode-fastestdet.js';
import { createNmsFreeDecoder } from './decode-nms-free.js';
import { createPicodetDecoder } from './decode-picodet.js';
import { createTopDownHeatmapDecoder } from './decode-top-down-heatmap.js';
import { createYoloV8PoseDecoder } from './decode-yolo-v8-pose.js';
import { createYoloV8Decoder } from './decode-yolo-v8.js';
import { createYoloxDecoder } from './decode-yolox.js';
import type { DecodedModel } from './model-output.js';
import type { Postprocess } from './postprocess-schema.js';

/**
 * Outputs of the model to detections, best first, after suppression. Boxes and keypoints are pixels of the frame with a
 * mapping, pixels of the model input without. One decoder serves one caller at a time: it reuses its working memory.
 * @throws EdgeError `vision.output-malformed`: never an empty list for an output that cannot be read
 */
export type Decoder = (outputs: Tensors, mapping?: BoxMapping) => readonly Detection[];

export function createDecoder(rules: Postprocess, model: DecodedModel): Decoder {
  const decode = decoderOf(rules, model);
  return (outputs, mapping) => {
    const detections = decode(outputs);
    return mapping ? detections.map((detection) => inFrame(detection, mapping)) : detections;
  };
}

function inFrame(detection: Detection, mapping: BoxMapping): Detection {
  const { keypoints } = detection;
  const box = toFrameBox(detection.box, mapping);
  if (keypoints === undefined) return { ...detection, box };
  return { ...detection, box, keypoints: keypoints.map((point) => toFramePoint(point, mapping)) };
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
    case 'yolo-v8-pose':
      return createYoloV8PoseDecoder(rules, model);
    case 'picodet':
      return createPicodetDecoder(rules, model);
    case 'fastestdet':
      return createFastestdetDecoder(rules, model);
    case 'top-down-heatmap':
      return createTopDownHeatmapDecoder(rules, model);
    case 'centre-pose':
      return createCentrePoseDecoder(rules, model);
    case 'anomaly-map':
      return createAnomalyMapDecoder(rules, model);
    case 'probabilities':
      throw new EdgeError(
        'vision.output-malformed',
        'A model that gives probabilities of windows finds no boxes; take a bundle of another task',
      );
  }
}

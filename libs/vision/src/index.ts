export { intersectionOverUnion } from './lib/intersection-over-union.js';
export { toFrameBox } from './lib/box-mapping.js';
export type { BoxMapping } from './lib/box-mapping.js';
export { createTestAndTemplatePacker, packTestAndTemplate } from './lib/test-and-template.js';
export type { Picture, TestAndTemplatePacker } from './lib/test-and-template.js';
export { createDecoder } from './lib/decoder.js';
export type { Decoder } from './lib/decoder.js';
export type { DecodedModel } from './lib/model-output.js';
export { postprocessSchema } from './lib/postprocess-schema.js';
export type { Postprocess } from './lib/postprocess-schema.js';
export { nonMaxSuppression } from './lib/non-max-suppression.js';
export { applyThresholds, checkThresholds, thresholdsSchema } from './lib/thresholds.js';
export type { Thresholds } from './lib/thresholds.js';
export { judgeLight, lightRangeSchema, measureLight } from './lib/light.js';
export type { LightMeasure, LightRange, LightVerdict } from './lib/light.js';
export { createFrameLiveness } from './lib/frame-liveness.js';
export type { FrameFault, FrameLivenessOptions } from './lib/frame-liveness.js';
export { deepPcbLabels, parseDeepPcbLabels } from './lib/deep-pcb-labels.js';
export type { TrueDefect } from './lib/deep-pcb-labels.js';
export {
  averagePrecision,
  bestF,
  countAtThresholds,
  matchDetections,
  meanAveragePrecision,
} from './lib/detection-metrics.js';
export type { DetectionCounts, JudgedPicture, MatchedClass, MatchedDetection } from './lib/detection-metrics.js';
export { confusionMatrix } from './lib/confusion.js';
export { rgbToLuma } from './lib/luma.js';
export { createLetterbox } from './lib/letterbox.js';
export type { Letterbox, LetterboxOptions } from './lib/letterbox.js';
export { templateDifference } from './lib/template-difference.js';
export type { TemplateDifferenceOptions } from './lib/template-difference.js';
export { pictureFeatures } from './lib/picture-features.js';
export type { PictureFeatures } from './lib/picture-features.js';
export { responseEmbedding } from './lib/response-embedding.js';

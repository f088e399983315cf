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
export { createLetterboxPreparation } from './lib/prepare-letterbox.js';
export type { LetterboxRules } from './lib/prepare-letterbox.js';
export { createPersonCropPreparation } from './lib/prepare-person-crop.js';
export type { PersonCropRules } from './lib/prepare-person-crop.js';
export type { InputOwner, PictureRules, PreparedPicture } from './lib/picture-rules.js';
export { templateDifference } from './lib/template-difference.js';
export type { TemplateDifferenceOptions } from './lib/template-difference.js';
export { pictureFeatures } from './lib/picture-features.js';
export type { PictureFeatures } from './lib/picture-features.js';
export { responseEmbedding } from './lib/response-embedding.js';
export { calibrateFloor, calibrationGateM } from './lib/floor/calibrate-floor.js';
export type { FloorCalibration } from './lib/floor/calibrate-floor.js';
export { floorToPixel, invertHomography, pixelToFloor } from './lib/floor/homography.js';
export type { Homography } from './lib/floor/homography.js';
export { headToFoot } from './lib/floor/head-to-foot.js';
export {
  depthInPolygonM,
  distanceToSegmentM,
  isInPolygon,
  isSelfIntersecting,
  polygonAreaM2,
  polygonMiddle,
  sharedAreaM2,
} from './lib/floor/floor-polygon.js';
export type { Corners } from './lib/floor/floor-polygon.js';
export { alongLine, insideOfLineM, passesLineAt } from './lib/floor/floor-line.js';
export type { DirectedLine } from './lib/floor/floor-line.js';
export { createTracker } from './lib/tracking/tracker.js';
export type { Track, Tracker, TrackerCounters } from './lib/tracking/tracker.js';
export { trackerSchema } from './lib/tracking/tracker-options.js';
export type { TrackerOptions, TrackerSettings } from './lib/tracking/tracker-options.js';
export { createAssigner } from './lib/tracking/limited-assignment.js';
export type { Assigner } from './lib/tracking/limited-assignment.js';
export { formatMot, parseMot } from './lib/mot/mot-text.js';
export type { MotBox, MotLayout } from './lib/mot/mot-text.js';
export { motSequence } from './lib/mot/mot-sequence.js';
export type { MotFrame, MotSequence } from './lib/mot/mot-sequence.js';
export { addClearMot, clearMot, clearMotScores } from './lib/mot/clear-mot.js';
export type { ClearMotCounts, ClearMotScores } from './lib/mot/clear-mot.js';
export { identityScore } from './lib/mot/identity-score.js';
export type { IdentityScore } from './lib/mot/identity-score.js';
export { hotaScore } from './lib/mot/hota.js';
export type { HotaScore } from './lib/mot/hota.js';
export { mot17Preprocess } from './lib/mot/mot17-preprocess.js';
export { createSceneWatch, sceneWatchSchema } from './lib/scene-shift/scene-watch.js';
export type { SceneState, SceneVerdict, SceneWatch, SceneWatchOptions } from './lib/scene-shift/scene-watch.js';
export { compareScene, describeScene, sceneDescriptorBytes } from './lib/scene-shift/scene-descriptor.js';
export type { SceneAgreement } from './lib/scene-shift/scene-descriptor.js';
export { estimateSceneShift } from './lib/scene-shift/scene-shift.js';
export type { SceneShift } from './lib/scene-shift/scene-shift.js';
export { brightnessSlope } from './lib/scene-shift/brightness-slope.js';
export type { SlopePlane } from './lib/scene-shift/brightness-slope.js';
export { reducePicture } from './lib/scene-shift/scene-plane.js';
export type { ScenePlane } from './lib/scene-shift/scene-plane.js';

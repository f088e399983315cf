export { ConfigError, DeviceError, EdgeError, UsageError, errorCode, errorMessage } from './lib/errors.js';
export type { EdgeErrorOptions, Retry } from './lib/errors.js';
export { parseConfig } from './lib/parse-config.js';
export { targetSchema } from './lib/target.js';
export type { Target, TargetRoute } from './lib/target.js';
export { systemClock } from './lib/clock.js';
export type { Clock } from './lib/clock.js';
export { createRandom } from './lib/random.js';
export type { Random } from './lib/random.js';
export { createJsonLogger, silentLogger } from './lib/logger.js';
export type { LogFields, LogLevel, Logger } from './lib/logger.js';
export type { Frame, FrameSource, FrameSourceStats, PartTriggerTag, PixelFormat } from './lib/frame.js';
export type { Tensor, TensorData, TensorDtype, Tensors } from './lib/tensor.js';
export type { Box, Detection } from './lib/detection.js';
export type { Decision, Defect } from './lib/decision.js';
export type {
  DegradationLevel,
  EngineCapabilities,
  EngineHealth,
  InferenceEngine,
  InferenceResult,
  InferenceTimings,
  InferOptions,
  LoadedModel,
  TensorSpec,
  VerifiedModel,
} from './lib/inference-engine.js';
export type {
  PartTrigger,
  PartVerdict,
  PlcLink,
  PlcLinkStatus,
  StationCondition,
  VerdictKind,
  VerdictOutcome,
} from './lib/verdict.js';
export { partRecordSchema } from './lib/part-record.js';
export type { PartRecord, RecordedDetection, StoredImage } from './lib/part-record.js';
export type {
  GoldenView,
  IntervalView,
  LatencyView,
  LivePart,
  MesView,
  PartDelivery,
  PartSummary,
  PChartPoint,
  StationView,
  ThresholdCostPoint,
  ThresholdView,
} from './lib/station-view.js';

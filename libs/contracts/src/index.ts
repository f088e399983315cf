export { ConfigError, DeviceError, EdgeError, UsageError, errorCode, errorMessage } from './lib/errors.js';
export type { EdgeErrorOptions, Retry } from './lib/errors.js';
export { parseConfig } from './lib/parse-config.js';
export { parityGateSchema, targetSchema } from './lib/target.js';
export type { ParityGate, Target, TargetRoute } from './lib/target.js';
export { withDeadline } from './lib/deadline.js';
export { systemClock } from './lib/clock.js';
export type { Clock } from './lib/clock.js';
export { createRandom } from './lib/random.js';
export type { Random } from './lib/random.js';
export { formatSyslog, octetCounted } from './lib/syslog-message.js';
export type { SyslogMessage } from './lib/syslog-message.js';
export { createJsonLogger, silentLogger } from './lib/logger.js';
export type { LogFields, LogLevel, Logger } from './lib/logger.js';
export type { Frame, FrameSource, FrameSourceStats, PartTriggerTag, PixelFormat } from './lib/frame.js';
export type { Tensor, TensorData, TensorDtype, Tensors } from './lib/tensor.js';
export type { Box, Detection, Keypoint } from './lib/detection.js';
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
export { embeddingReferenceSchema } from './lib/embedding-reference.js';
export type { EmbeddingReference } from './lib/embedding-reference.js';
export { driftReferenceLimits, driftReferenceSchema } from './lib/drift-reference.js';
export type { DriftReference } from './lib/drift-reference.js';
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
  DriftView,
  UplinkView,
  ThresholdCostPoint,
  ThresholdView,
} from './lib/station-view.js';
export {
  fleetChannels,
  fleetFilter,
  fleetIdPattern,
  fleetTopic,
  identityName,
  identitySource,
  parseFleetTopic,
  parseIdentityName,
} from './lib/fleet/topics.js';
export type { DeviceIdentity, FleetChannel } from './lib/fleet/topics.js';
export {
  acknowledgementSchema,
  cloudEventSchema,
  deliveryClasses,
  deviceStatusSchema,
  fleetLimits,
  parseFleetJson,
  runIdPattern,
} from './lib/fleet/envelope.js';
export type { Acknowledgement, DeliveryClass, DeviceStatus, FleetEvent, SequenceRange } from './lib/fleet/envelope.js';
export {
  auditSchema,
  deviceInfoSchema,
  driftAlarmSchema,
  driftFeatureSchema,
  driftReportSchema,
  exponentialHistogramSchema,
  fleetEventData,
  gapSchema,
  labelCandidateSchema,
  metricsReportSchema,
  partInspectedSchema,
  partOverruledSchema,
} from './lib/fleet/event-data.js';
export type {
  DeviceInfo,
  DriftAlarm,
  DriftFeature,
  DriftReport,
  ExponentialHistogram,
  FleetEventData,
  FleetEventType,
  GapRecord,
  LabelCandidate,
  MetricsReport,
  PartInspected,
} from './lib/fleet/event-data.js';
export type {
  AlertOutputTestView,
  AlertView,
  AuditEntryView,
  AuditProofView,
  CountView,
  DeviceDetailView,
  DeviceHealth,
  DevicePageView,
  DeviceRowView,
  FleetSummaryView,
  HubSessionView,
  HubRole,
  HubDriftView,
  HubLatencyView,
  HubStoresView,
  HubUserView,
  LabelQueueView,
  LabelTaskView,
  LabelAccuracyView,
  SeriesView,
} from './lib/fleet/hub-view.js';
export { metricCatalogue } from './lib/fleet/metric-catalogue.js';
export type {
  CounterName,
  GaugeName,
  HistogramName,
  MetricDefinition,
  MetricKind,
  MetricName,
} from './lib/fleet/metric-catalogue.js';
export { fixtureKinds, floorPointSchema, floorPolygonSchema, storePlanSchema } from './lib/retail/store-plan.js';
export type {
  FloorPoint,
  FloorPolygon,
  StoreFixture,
  StoreLine,
  StorePlan,
  StoreQueue,
  StoreZone,
} from './lib/retail/store-plan.js';
export { calibrationPointSchema, cameraCalibrationSchema } from './lib/retail/camera-calibration.js';
export type { CalibrationPoint, CameraCalibration } from './lib/retail/camera-calibration.js';
export type { CameraSight, FloorPerson } from './lib/retail/floor-person.js';
export { releaseMetrics, retailReleaseSchema } from './lib/retail/release.js';
export type { ReleaseMetric, RetailRelease } from './lib/retail/release.js';
export type {
  BudgetView,
  MinimumCount,
  StoreCameraView,
  StoreHeatView,
  StoreLineView,
  StoreQueueView,
  StoreView,
  StoreZoneView,
} from './lib/retail/store-view.js';
export {
  gatewayHeartbeatTopic,
  parseWearableTopic,
  wardFilter,
  wearableChannels,
  wearableTopic,
} from './lib/ward/ward-topics.js';
export type { WearableChannel, WearableIdentity } from './lib/ward/ward-topics.js';
export {
  accelerationBatchSchema,
  sampleStatuses,
  vitalSampleSchema,
  wearableStateSchema,
} from './lib/ward/vital-sample.js';
export type { AccelerationBatch, SampleStatus, VitalSample, WearableState } from './lib/ward/vital-sample.js';
export { acvpu, missingReasons, news2Parameters } from './lib/ward/news2-score.js';
export type {
  Acvpu,
  MissingReason,
  News2Band,
  News2Input,
  News2Inputs,
  News2Parameter,
  News2Score,
  News2SubScore,
  SpO2Scale,
} from './lib/ward/news2-score.js';
export {
  alarmActSchema,
  alarmConditions,
  alarmPhases,
  alarmPriorities,
  alarmTypes,
  wardRoles,
} from './lib/ward/alarm.js';
export type {
  AlarmAct,
  AlarmCondition,
  AlarmPhase,
  AlarmPriority,
  AlarmSnapshot,
  AlarmType,
  Responsibility,
  WardRole,
} from './lib/ward/alarm.js';
export type { AuditDraft, AuditEntry, AuditTrail } from './lib/ward/audit-entry.js';
export { news2PlausibleRange } from './lib/ward/plausible-range.js';
export type {
  AlarmMoment,
  AlarmRecord,
  AuditEvidence,
  AuditPage,
  BedHistory,
  HandoverView,
  PatientView,
} from './lib/ward/ward-records.js';
export { stationChannels, wardRights } from './lib/ward/ward-view.js';
export type {
  AdvisoryView,
  BedView,
  ReadingState,
  ReadingView,
  StationEvent,
  WardRight,
  WardSession,
  EmergencyUse,
  ProposalView,
  WardView,
} from './lib/ward/ward-view.js';

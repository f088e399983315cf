export { loadBundle } from './lib/bundle/load-bundle.js';
export type { GoldenVector, LoadBundleOptions, LoadedBundle } from './lib/bundle/load-bundle.js';
export type { ValidationScores } from './lib/bundle/validation-scores.js';
export { bundleDriftFile, bundleDriftSchema } from './lib/bundle/drift-file.js';
export type { BundleDrift } from './lib/bundle/drift-file.js';
export { readTrustedKeys } from './lib/bundle/bundle-signature.js';
export type { TrustedKey } from './lib/bundle/bundle-signature.js';
export { checkRevision, rememberRevision } from './lib/bundle/bundle-revisions.js';
export type { BundleIdentity, RevisionMemory } from './lib/bundle/bundle-revisions.js';
export { verifyGolden } from './lib/bundle/verify-golden.js';
export type { GoldenOptions } from './lib/bundle/verify-golden.js';
export type { GoldenComparison } from './lib/bundle/golden-comparison.js';
export { bundleUse } from './lib/bundle/licence-record.js';
export type { BundleUse } from './lib/bundle/licence-record.js';
export type { BundleManifest, BundleVariant } from './lib/bundle/manifest.js';
export { runWrap as wrapForeignModel } from './wrap-command.js';
export type { WrapCommand } from './wrap-command.js';
export { createOnnxEngine } from './lib/onnxruntime/onnx-engine.js';
export type { OnnxEngineDeps } from './lib/onnxruntime/onnx-engine.js';
export { onnxEngineConfigSchema } from './lib/onnxruntime/onnx-engine-config.js';
export type { OnnxEngineConfig, OnnxEngineConfigInput } from './lib/onnxruntime/onnx-engine-config.js';
export { probeProviders } from './lib/onnxruntime/provider-probe.js';
export type { RuntimeProbe } from './lib/onnxruntime/provider-probe.js';
export type { ProviderProbe } from './lib/onnxruntime/session-protocol.js';
export { createLadder } from './lib/ladder/ladder.js';
export type { Ladder, LadderChange, LadderObservation, LadderRung } from './lib/ladder/ladder.js';
export { createLadderEngine } from './lib/ladder/ladder-engine.js';
export type { EngineRung, LadderEngine, LadderEngineOptions } from './lib/ladder/ladder-engine.js';
export { ladderPolicySchema } from './lib/ladder/ladder-policy.js';
export type { LadderPolicy, LadderPolicyInput } from './lib/ladder/ladder-policy.js';
export {
  createOpenInferenceEngine,
  openInferenceEngineConfigSchema,
} from './lib/open-inference/open-inference-engine.js';
export type {
  OpenInferenceEngineConfigInput,
  OpenInferenceEngineDeps,
} from './lib/open-inference/open-inference-engine.js';
export { createOpenInferenceServer } from './lib/open-inference/open-inference-server.js';
export type {
  OpenInferenceServer,
  OpenInferenceServerDeps,
  OpenInferenceServerStats,
} from './lib/open-inference/open-inference-server.js';
export { openInferenceServerConfigSchema } from './lib/open-inference/server-config.js';
export type { OpenInferenceServerConfigInput, ServedModel } from './lib/open-inference/server-config.js';
export { createFallbackEngine } from './lib/open-inference/fallback-engine.js';
export type { FallbackEngine, FallbackEngineDeps, FallbackStats } from './lib/open-inference/fallback-engine.js';
export { createSafeStateEngine } from './lib/open-inference/safe-state-engine.js';
export { fallbackPolicySchema } from './lib/open-inference/fallback-policy.js';
export type { FallbackPolicyInput } from './lib/open-inference/fallback-policy.js';
export type { CircuitState } from './lib/open-inference/circuit-breaker.js';

export { createFakeEngine } from './lib/fake-engine.js';
export type { FakeEngineOptions } from './lib/fake-engine.js';
export { inferenceEngineContract } from './lib/inference-engine-contract.js';
export type { ContractModelKind, EngineUnderTest } from './lib/inference-engine-contract.js';
export { elementCount, fillTensors, withTensor, zeroTensor, zeroTensors } from './lib/tensor-samples.js';
export { quickModel, quickReference, slowModel } from './lib/contract-models.js';
export { runSidecarModule, sidecarPython, sidecarRemedy, startSidecar } from './lib/sidecar-process.js';
export type { SidecarProcess, StartSidecarOptions } from './lib/sidecar-process.js';

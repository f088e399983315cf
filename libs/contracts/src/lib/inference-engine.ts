import type { Tensors } from './tensor.js';

/** Level 0 is the configured best; each further level is the next rung of the fallback ladder. */
export interface DegradationLevel {
  readonly level: number;
  /** For people and records: `int8-640 on cpu`, `fp32-640 on cpu`, `local fallback`. */
  readonly reason: string;
}

export interface TensorSpec {
  readonly name: string;
  readonly dtype: string;
  /** Fixed sizes; -1 where the model leaves a dimension open. */
  readonly dims: readonly number[];
}

export interface EngineCapabilities {
  /** `onnxruntime 1.30.0`, `open-inference-protocol v2`. */
  readonly runtime: string;
  /** Providers that this binary can really load. */
  readonly providers: readonly string[];
  readonly maxConcurrency: number;
}

export interface InferenceTimings {
  /** Waiting for the engine, ms. */
  readonly queueMs: number;
  /** Hand-over to the worker or server and back, ms. */
  readonly transferMs: number;
  /** The model itself (`session.run`), ms. */
  readonly runMs: number;
  /** From the call of `infer` to its settlement, ms. */
  readonly totalMs: number;
}

export interface InferenceResult {
  readonly outputs: Tensors;
  readonly timings: InferenceTimings;
  /** The execution provider that really ran. */
  readonly provider: string;
  /** SHA-256 of the model file that ran, hex. */
  readonly modelDigest: string;
  /** Variant id within the bundle (`int8-640`). */
  readonly variant: string;
  readonly degradation: DegradationLevel;
}

export interface InferOptions {
  /** Monotonic clock; the call rejects with `infer.deadline` when it passes. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface EngineHealth {
  readonly state: 'empty' | 'loading' | 'ready' | 'degraded' | 'failed' | 'disposed';
  readonly detail: string;
  readonly inFlight: number;
  readonly completed: number;
  readonly failed: number;
  readonly restarts: number;
}

/** What was loaded, as the engine found it. */
export interface LoadedModel {
  readonly modelDigest: string;
  readonly variant: string;
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly loadMs: number;
}

/** One variant of a bundle that the loader has verified: bytes in hand, digest checked. */
export interface VerifiedModel {
  readonly bundle: string;
  readonly version: string;
  readonly variant: string;
  readonly precision: string;
  readonly modelDigest: string;
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * Runs one model at a time. Life: load, warmUp, infer any number of times, dispose. Every adapter passes the contract
 * suite of `@edge-blueprints/testing`.
 *
 * Buffers: `allocateInputs` hands out input tensors of the model's shape from a bounded pool. `infer` takes the tensors
 * over (their buffers may be detached, i.e. length 0, afterwards) and returns them to the pool when it settles.
 * Outputs belong to the caller.
 */
export interface InferenceEngine {
  capabilities(): Promise<EngineCapabilities>;
  /** @throws DeviceError `infer.provider-missing`, `infer.model-invalid`, `infer.model-mismatch` */
  load(model: VerifiedModel): Promise<LoadedModel>;
  /** Runs on zeros; returns the run times in ms, first run included. */
  warmUp(runs: number, signal?: AbortSignal): Promise<readonly number[]>;
  allocateInputs(): Tensors;
  /** @throws DeviceError `infer.deadline`, `infer.aborted`, `infer.failed`, `infer.overloaded`, `infer.input-mismatch` */
  infer(inputs: Tensors, options?: InferOptions): Promise<InferenceResult>;
  health(): EngineHealth;
  /** Idempotent; waits for the run in flight, because a runtime that is torn down inside a run aborts the process. */
  dispose(): Promise<void>;
}

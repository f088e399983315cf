import type { Retry, Tensors, TensorSpec } from '@edge-blueprints/contracts';

/** How a session uses the cores. Spinning means busy waiting inside a run; between runs threads always sleep. */
export interface ThreadSetting {
  readonly threads: number;
  readonly spinning: boolean;
}

/** Whether the optimised copy of the model was used; `unwritable` says that the folder refused it. */
export type ModelCacheUse = 'off' | 'hit' | 'built' | 'rebuilt' | 'unwritable';

export interface LoadRequest {
  readonly kind: 'load';
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly provider: string;
  readonly setting: ThreadSetting;
  /** File of the optimised copy; null keeps none. */
  readonly cachePath: string | null;
}

/** What the main thread asks of the session's worker. Requests are served one after another, in order. */
export type SessionRequest =
  | LoadRequest
  | { readonly kind: 'run'; readonly inputs: Tensors }
  | { readonly kind: 'tune'; readonly settings: readonly ThreadSetting[]; readonly budgetMs: number }
  | { readonly kind: 'use'; readonly setting: ThreadSetting }
  | { readonly kind: 'probe' };

export interface LoadedReply {
  readonly kind: 'loaded';
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly loadMs: number;
  readonly cache: ModelCacheUse;
}

export interface RanReply {
  readonly kind: 'ran';
  readonly outputs: Tensors;
  /** The caller's input buffers on their way back to the pool. */
  readonly inputs: Tensors;
  readonly runMs: number;
}

export interface TuningSample {
  readonly setting: ThreadSetting;
  readonly runMs: readonly number[];
}

/** Whether a provider really ran a graph here, and if not, why. */
export interface ProviderProbe {
  readonly provider: string;
  readonly loads: boolean;
  readonly detail: string;
}

export interface FailedReply {
  readonly kind: 'failed';
  readonly code: string;
  readonly message: string;
  readonly retry: Retry;
  readonly context: Readonly<Record<string, unknown>>;
  readonly inputs?: Tensors;
}

export type SessionReply =
  | LoadedReply
  | RanReply
  | { readonly kind: 'tuned'; readonly samples: readonly TuningSample[] }
  | { readonly kind: 'used' }
  | { readonly kind: 'probed'; readonly providers: readonly ProviderProbe[] }
  | FailedReply;

/** Main thread to worker. */
export type ToWorker = { readonly id: number; readonly request: SessionRequest } | { readonly stop: true };

/** Worker to main thread; the greeting comes first. */
export type FromWorker = { readonly id: number; readonly reply: SessionReply } | { readonly runtime: string };

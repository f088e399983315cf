import { DeviceError, UsageError, type InferenceEngine, type VerifiedModel } from '@edge-blueprints/contracts';
import { createInputPool, type InputPool } from '../input-pool.js';
import { disposed } from './call-limit.js';

/**
 * Stands where a station has no model of its own: it knows the shape of the inputs and refuses every run, so that what the
 * inference server did not judge counts as not inspected.
 */
export function createSafeStateEngine(): InferenceEngine {
  let loaded: { readonly model: VerifiedModel; readonly pool: InputPool } | undefined;
  let isDisposed = false;
  let failed = 0;
  const usable = () => {
    if (isDisposed) throw disposed();
    if (loaded !== undefined) return loaded;
    throw new UsageError('infer.not-loaded', 'The engine holds no model yet. Await load() first.');
  };
  return {
    capabilities: async () => ({ runtime: 'none (safe state)', providers: [], maxConcurrency: 64 }),
    load: async (model) => {
      if (isDisposed) throw disposed();
      loaded = { model, pool: createInputPool(model.inputs, 3) };
      const { modelDigest, variant, inputs, outputs } = model;
      return { modelDigest, variant, provider: 'none', inputs, outputs, loadMs: 0 };
    },
    warmUp: async () => (usable(), []),
    allocateInputs: () => usable().pool.take(),
    infer: async (inputs) => {
      failed += 1;
      usable().pool.reclaim(inputs);
      throw new DeviceError(
        'infer.safe-state',
        'The inference server did not answer, and this machine holds no model of its own. The part must be treated as not inspected.',
        { retry: 'safe' },
      );
    },
    health: () => ({
      state: isDisposed ? 'disposed' : loaded === undefined ? 'empty' : 'ready',
      detail: 'no model on this machine',
      inFlight: 0,
      completed: 0,
      failed,
      restarts: 0,
    }),
    dispose: async () => {
      isDisposed = true;
      loaded = undefined;
    },
  };
}

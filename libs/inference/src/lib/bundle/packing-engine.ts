import type { InferenceEngine } from '@edge-blueprints/contracts';
import { createOnnxEngine } from '../onnxruntime/onnx-engine.js';

/** One thread on the CPU and no cache: the plainest engine, so that golden outputs do not depend on the packing machine's tuning. */
export function createPackingEngine(): InferenceEngine {
  return createOnnxEngine({ providers: ['cpu'], threads: 1 });
}

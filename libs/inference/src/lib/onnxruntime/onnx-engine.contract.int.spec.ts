import type { Worker } from 'node:worker_threads';
import { inferenceEngineContract, quickModel, quickReference, slowModel } from '@edge-blueprints/testing';
import { createOnnxEngine } from './onnx-engine.js';
import { startSessionThread } from './session-thread.js';

inferenceEngineContract('the onnxruntime engine', async (kind) => {
  let worker: Worker | undefined;
  const engine = createOnnxEngine(
    { threads: 1, restart: { firstDelayMs: 1 } },
    { startThread: async () => startSessionThread((started) => (worker = started)) },
  );
  return {
    engine,
    model: kind === 'slow' ? slowModel : quickModel,
    reference: quickReference,
    accepts: 2,
    crash: async () => {
      await worker?.terminate();
    },
  };
});

import { randomBytes } from 'node:crypto';
import type { Tensors, VerifiedModel } from '@edge-blueprints/contracts';
import { createFakeEngine, inferenceEngineContract } from '@edge-blueprints/testing';
import { createOpenInferenceEngine } from './open-inference-engine.js';
import { createOpenInferenceServer } from './open-inference-server.js';

const model: VerifiedModel = {
  bundle: 'contract',
  version: '1.0.0',
  variant: 'fp32-4',
  precision: 'fp32',
  modelDigest: 'a'.repeat(64),
  bytes: new Uint8Array(1),
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 4, 4] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [1, 2, 4, 4] }],
};

const reference = (inputs: Tensors): Tensors => ({
  y: {
    dtype: 'float32',
    dims: [1, 2, 4, 4],
    data: Float32Array.from<number | bigint>(inputs['x']?.data ?? [], (value) => 2 * Number(value) + 1),
  },
});

inferenceEngineContract('the Open Inference Protocol engine', async (kind) => {
  const served = createFakeEngine({ compute: reference, runMs: kind === 'slow' ? 40 : 0, queueDepth: 8 });
  const loaded = await served.load(model);
  const token = randomBytes(16).toString('hex');
  const server = createOpenInferenceServer(
    served,
    { port: 0 },
    { model: { name: model.bundle, version: model.version, loaded }, token },
  );
  const { url } = await server.listen();
  return {
    engine: createOpenInferenceEngine({ url, maxInFlight: 3 }, { token }),
    model,
    reference,
    accepts: 3,
    close: async () => {
      await server.close();
      await served.dispose();
    },
  };
});

import type { Tensors, VerifiedModel } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createFakeEngine } from './fake-engine.js';
import { inferenceEngineContract } from './inference-engine-contract.js';

const model: VerifiedModel = {
  bundle: 'contract',
  version: '1.0.0',
  variant: 'fp32-4',
  precision: 'fp32',
  modelDigest: '0'.repeat(64),
  bytes: new Uint8Array(1),
  inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 4, 4] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [1, 2, 4, 4] }],
};

const reference = (inputs: Tensors): Tensors => ({
  y: {
    dtype: 'float32',
    dims: [1, 2, 4, 4],
    data: Float32Array.from(inputs.x?.data ?? [], (value) => 2 * Number(value) + 1),
  },
});

inferenceEngineContract('the fake engine', async (kind) => ({
  engine: createFakeEngine({ compute: reference, runMs: kind === 'slow' ? 40 : 0, queueDepth: 2 }),
  model,
  reference,
  accepts: 3,
}));

describe('createFakeEngine', () => {
  it('reports a computation that throws as a failed run', async () => {
    const engine = createFakeEngine({
      compute: () => {
        throw new RangeError('scripted');
      },
    });
    await engine.load(model);
    await expect(engine.infer(engine.allocateInputs())).rejects.toMatchObject({ code: 'infer.failed', retry: 'safe' });
    await engine.dispose();
  });
});

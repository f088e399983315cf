import { describe, expect, it } from 'vitest';
import { quickModel, quickReference } from './contract-models.js';
import { createFakeEngine } from './fake-engine.js';
import { inferenceEngineContract } from './inference-engine-contract.js';

inferenceEngineContract('the fake engine', async (kind) => ({
  engine: createFakeEngine({ compute: quickReference, runMs: kind === 'slow' ? 40 : 0, queueDepth: 2 }),
  model: quickModel,
  reference: quickReference,
  accepts: 3,
}));

describe('createFakeEngine', () => {
  it('reports a computation that throws as a failed run', async () => {
    const engine = createFakeEngine({
      compute: () => {
        throw new RangeError('scripted');
      },
    });
    await engine.load(quickModel);
    await expect(engine.infer(engine.allocateInputs())).rejects.toMatchObject({ code: 'infer.failed', retry: 'safe' });
    await engine.dispose();
  });
});

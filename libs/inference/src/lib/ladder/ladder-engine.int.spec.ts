import { quickModel, slowModel } from '@edge-blueprints/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../onnxruntime/onnx-engine.js';
import { createLadderEngine } from './ladder-engine.js';

describe('the ladder over two real models', () => {
  const engine = createLadderEngine({
    rungs: [
      { id: 'slow', engine: createOnnxEngine({ threads: 1 }), model: slowModel },
      { id: 'quick', engine: createOnnxEngine({ threads: 1 }), model: quickModel },
    ],
    policy: { budgetMs: 0.001, lateDown: 3, settleMs: 1 },
  });
  beforeAll(async () => {
    await engine.load(slowModel);
  });
  afterAll(async () => {
    await engine.dispose();
  });

  it('switches between two frames, and every call ends in a result that names its model', async () => {
    const variants: string[] = [];
    for (let frame = 0; frame < 6; frame += 1) {
      const { variant, degradation } = await engine.infer(engine.allocateInputs());
      expect(variant).toBe(degradation.level === 0 ? 'slow' : 'quick');
      variants.push(variant);
    }
    expect(variants).toEqual(['slow', 'slow', 'slow', 'quick', 'quick', 'quick']);
    expect(engine.health()).toMatchObject({ state: 'degraded', completed: 6, failed: 0 });
  });
});

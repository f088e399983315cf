import { createHash } from 'node:crypto';
import { quickModel, slowModel } from '@edge-blueprints/testing';
import { describe, expect, it } from 'vitest';
import { encodeOnnxGraph } from './onnx-graph.js';

describe('encodeOnnxGraph', () => {
  it('makes the quick model of the contract suite, byte for byte', () => {
    const bytes = encodeOnnxGraph({
      inputs: [{ name: 'x', dtype: 'uint8', dims: [1, 2, 4, 4] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [1, 2, 4, 4] }],
      constants: [
        { name: 'two', value: 2 },
        { name: 'one', value: 1 },
      ],
      nodes: [
        { op: 'Cast', inputs: ['x'], outputs: ['f'], attributes: { to: 1 } },
        { op: 'Mul', inputs: ['f', 'two'], outputs: ['m'] },
        { op: 'Add', inputs: ['m', 'one'], outputs: ['y'] },
      ],
    });
    expect(Buffer.from(bytes).equals(quickModel.bytes)).toBe(true);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(quickModel.modelDigest);
  });

  it('makes the slow model of the contract suite, byte for byte', () => {
    const products = 24;
    const bytes = encodeOnnxGraph({
      inputs: [{ name: 'x', dtype: 'float32', dims: [384, 384] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: [384, 384] }],
      nodes: Array.from({ length: products }, (_, i) => ({
        op: 'MatMul',
        inputs: [i === 0 ? 'x' : `t${i}`, 'x'],
        outputs: [i === products - 1 ? 'y' : `t${i + 1}`],
      })),
    });
    expect(Buffer.from(bytes).equals(slowModel.bytes)).toBe(true);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(slowModel.modelDigest);
  });
});

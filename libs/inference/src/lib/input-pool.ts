import type { Tensors, TensorSpec } from '@edge-blueprints/contracts';
import { allocateTensors, elementCount } from './tensor-buffers.js';

/** Keeps a few sets of input tensors alive, so that a steady stream of frames allocates nothing. */
export interface InputPool {
  /** Contents are whatever the last frame left: write every element. */
  take(): Tensors;
  /** Takes tensors back that the worker returned. More than the pool keeps, or of another shape, are left to the collector. */
  put(tensors: Tensors): void;
  /** Takes tensors back that never left this thread. The caller's views become empty, so a second use is noticed. */
  reclaim(tensors: Tensors): void;
  /** Sets that had to be allocated because none was free. */
  allocated(): number;
}

/**
 * The bound is on what is kept. Taking never fails: a caller that loses a set (a frame that could not be decoded) must
 * not starve the line, and what is in use is already bounded by the engine's queue.
 */
export function createInputPool(specs: readonly TensorSpec[], keep: number): InputPool {
  const free: Tensors[] = [];
  let allocated = 0;
  const put = (tensors: Tensors): void => {
    if (free.length < keep && specs.every((spec) => isFresh(spec, tensors))) free.push(tensors);
  };
  return {
    take: () => {
      const kept = free.pop();
      if (kept !== undefined) return kept;
      allocated += 1;
      return allocateTensors(specs);
    },
    put,
    reclaim: (tensors) => {
      const buffers = Object.values(tensors).flatMap(({ data }) =>
        data.buffer instanceof ArrayBuffer ? [data.buffer] : [],
      );
      put(structuredClone(tensors, { transfer: [...new Set(buffers)] }));
    },
    allocated: () => allocated,
  };
}

function isFresh(spec: TensorSpec, tensors: Tensors): boolean {
  const tensor = tensors[spec.name];
  const dims = spec.dims.map((size) => (size === -1 ? 1 : size));
  return (
    tensor?.dtype === spec.dtype &&
    tensor.dims.join() === dims.join() &&
    tensor.data.length === elementCount(dims) &&
    tensor.data.byteLength === tensor.data.buffer.byteLength
  );
}

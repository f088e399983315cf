import type { Tensor, Tensors, TensorSpec } from '@edge-blueprints/contracts';
import { elementCount, tensorDtypes } from './tensor-buffers.js';

type ModelTensors = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

/**
 * Compares the tensors that the bundle promises with those that the session has, naming each, what was wanted and what
 * was found. A dimension that the model leaves open may be fixed by the bundle; the other way round is a problem.
 */
export function modelProblems(want: ModelTensors, got: ModelTensors): readonly string[] {
  return [...specProblems('input', want.inputs, got.inputs), ...specProblems('output', want.outputs, got.outputs)];
}

function specProblems(role: string, want: readonly TensorSpec[], got: readonly TensorSpec[]): string[] {
  const problems = want.flatMap((spec) => {
    const found = got.find((other) => other.name === spec.name);
    if (found === undefined) {
      const names = got.map((other) => other.name).join(', ');
      return [`${role} ${spec.name}: wanted ${describeSpec(spec)}, but the model has only ${names || 'none'}`];
    }
    const same =
      found.dtype === spec.dtype &&
      found.dims.length === spec.dims.length &&
      found.dims.every((size, i) => size === spec.dims[i] || size === -1);
    const supported = tensorDtypes.some((dtype) => dtype === found.dtype);
    return same && supported
      ? []
      : [
          `${role} ${spec.name}: wanted ${describeSpec(spec)}, got ${describeSpec(found)}${supported ? '' : ' (type not supported)'}`,
        ];
  });
  const extra = got.filter((spec) => !want.some((other) => other.name === spec.name));
  return [...problems, ...extra.map((spec) => `${role} ${spec.name}: not in the bundle, got ${describeSpec(spec)}`)];
}

/** What is wrong with a call's inputs: missing, unknown, of another type, shape or length, shared, or already given away. */
export function inputProblems(specs: readonly TensorSpec[], inputs: Tensors): readonly string[] {
  const problems = specs.flatMap((spec) => tensorProblems(spec, inputs[spec.name]));
  for (const [name, { data }] of Object.entries(inputs)) {
    if (!specs.some((spec) => spec.name === name)) problems.push(`${name}: the model has no such input`);
    if (!(data.buffer instanceof ArrayBuffer)) {
      problems.push(`${name}: shared memory, which the runtime refuses; copy it into a tensor of allocateInputs`);
    } else if (data.length === 0) {
      problems.push(`${name}: the buffer was already given away; take new tensors from allocateInputs for each call`);
    }
  }
  return problems;
}

/** What is wrong with a run's outputs: missing, of another size, or with values that are not finite. */
export function outputProblems(specs: readonly TensorSpec[], outputs: Tensors): readonly string[] {
  const problems = specs.flatMap((spec) => tensorProblems(spec, outputs[spec.name]));
  for (const [name, { data }] of Object.entries(outputs)) {
    const at = data instanceof Float32Array ? firstNonFinite(data) : -1;
    if (at >= 0) problems.push(`${name}: element ${at} is ${String(data[at])}`);
  }
  return problems;
}

function tensorProblems(spec: TensorSpec, tensor: Tensor | undefined): string[] {
  if (tensor === undefined) return [`${spec.name}: missing, wanted ${describeSpec(spec)}`];
  const fits =
    tensor.dtype === spec.dtype &&
    tensor.dims.length === spec.dims.length &&
    tensor.dims.every((size, i) => (spec.dims[i] === -1 ? size > 0 : size === spec.dims[i]));
  const length = elementCount(tensor.dims);
  if (fits && tensor.data.length === length) return [];
  const got = `${describeSpec(tensor)} with ${tensor.data.length} elements`;
  return [`${spec.name}: wanted ${describeSpec(spec)}, got ${got}`];
}

/**
 * Zero times anything finite is zero, so one pass of additions finds a value that is not. Four sums side by side keep the
 * processor from waiting for each addition.
 */
function firstNonFinite(data: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    a += 0 * (data[i] ?? 0);
    b += 0 * (data[i + 1] ?? 0);
    c += 0 * (data[i + 2] ?? 0);
    d += 0 * (data[i + 3] ?? 0);
  }
  return a + b + c + d === 0 ? -1 : data.findIndex((value) => !Number.isFinite(value));
}

function describeSpec(spec: { readonly dtype: string; readonly dims: readonly number[] }): string {
  return `${spec.dtype} [${spec.dims.map((size) => (size === -1 ? '?' : size)).join(', ')}]`;
}

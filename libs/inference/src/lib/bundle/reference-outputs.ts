import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, parseConfig, type Tensor } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { bytesPerElement, copyOf, elementsOf, isTensorDtype, tensorDataOf } from '../tensor-bytes.js';
import { sha256Hex } from './bundle-files.js';
import { packInputError, readJson } from './pack-inputs.js';
import type { PackSpec } from './pack-spec.js';
import type { PathOutputs } from './path-agreement.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** golden/outputs.json, written by the workshop beside the golden inputs. */
const recordSchema = z.strictObject({
  format: z.literal('golden-outputs/1'),
  /** Digest of each input file, by its name without `.bin`. */
  vectors: z.record(z.string(), sha256),
  /** By path: `pytorch`, or the stem of an ONNX file, with the digest of the checkpoint or file that gave the values. */
  paths: z.record(z.string(), z.strictObject({ sha256, made: z.string().min(1) })),
});

/** The record's file name within the golden folder. */
export const recordFile = 'outputs.json';

/**
 * Values that the workshop computed outside of the station: `<vector>.<path>.<output>.f32` (little-endian, row-major) for
 * the reference and for every model file. Refuses what was computed from other inputs or other files.
 * @throws ConfigError `bundle.pack-input` with all problems
 */
export async function readReferenceOutputs(
  from: string,
  spec: PackSpec,
  inputs: ReadonlyMap<string, Uint8Array>,
  models: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, PathOutputs>> {
  const folder = join(from, spec.golden.folder);
  const file = join(folder, recordFile);
  const record = parseConfig(recordSchema, await readRecord(file), file);
  const stems = [...models.keys()].map((name) => name.replace(/\.onnx$/, ''));
  const problems: string[] = [];
  for (const [vector, bytes] of inputs) {
    const name = inputName(vector);
    if (record.vectors[name] !== sha256Hex(bytes)) problems.push(`${name}.bin is not the input that was computed with`);
  }
  for (const [name, bytes] of models) {
    const stem = name.replace(/\.onnx$/, '');
    if (record.paths[stem]?.sha256 !== sha256Hex(bytes))
      problems.push(`${name} is not the file that was computed with`);
  }
  const byPath = new Map<string, PathOutputs>();
  for (const stem of [spec.golden.agreement.reference, ...stems]) {
    if (record.paths[stem] === undefined) {
      problems.push(`no outputs of path "${stem}"`);
      continue;
    }
    const outputs = new Map<string, Readonly<Record<string, Tensor>>>();
    for (const vector of inputs.keys()) outputs.set(vector, await readTensors(folder, vector, stem, spec, problems));
    byPath.set(stem, { path: stems.includes(stem) ? `onnx ${stem}` : stem, outputs });
  }
  if (problems.length > 0) throw unusable(file, problems);
  return byPath;
}

const remedy = 'Run `nx run models:golden --model NAME` again after the last export and quantisation.';

const unusable = (file: string, problems: readonly string[], cause?: unknown): ConfigError =>
  packInputError(
    [`${file} cannot be used:`, ...problems.slice(0, 12).map((line) => `  ${line}`), remedy].join('\n'),
    cause,
  );

async function readRecord(file: string): Promise<unknown> {
  try {
    return await readJson(file);
  } catch (error) {
    throw unusable(file, [error instanceof Error ? error.message : 'unreadable'], error);
  }
}

const inputName = (vector: string): string => vector.replace(/^vector-/, '');

async function readTensors(
  folder: string,
  vector: string,
  stem: string,
  spec: PackSpec,
  problems: string[],
): Promise<Readonly<Record<string, Tensor>>> {
  const tensors: Record<string, Tensor> = {};
  for (const { name, dims, dtype } of spec.variants[0]?.outputs ?? []) {
    const file = `${inputName(vector)}.${stem}.${name}.f32`;
    const bytes = await readFile(join(folder, file)).catch(() => null);
    const want = isTensorDtype(dtype) ? elementsOf(dims) * bytesPerElement[dtype] : 0;
    if (bytes === null) problems.push(`${file} is not there`);
    else if (bytes.length !== want) problems.push(`${file} has ${bytes.length} bytes, want ${want}`);
    else if (dtype === 'float32') tensors[name] = { dtype, dims, data: tensorDataOf(dtype, copyOf(bytes)) };
    else problems.push(`output "${name}" is ${dtype}; golden outputs are compared as float32`);
  }
  return tensors;
}

/** A spec without `golden.agreement` entries for the precision of one of its variants cannot be packed. */
export function requireTolerances(spec: PackSpec): void {
  const missing = spec.variants.filter(({ precision }) => spec.golden.agreement.tolerance[precision] === undefined);
  if (missing.length === 0) return;
  throw new ConfigError(
    'bundle.pack-input',
    `golden.agreement.tolerance of the spec has no entry for ${missing.map(({ precision }) => precision).join(', ')}`,
  );
}

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { bytesPerElement, elementsOf, isTensorDtype } from '../tensor-bytes.js';
import { manifestFile } from './bundle-path.js';
import { bundleManifestSchema, type BundleManifest, type BundleVariant } from './manifest.js';
import type { PackSpec } from './pack-spec.js';

/** Something that the packer was given cannot be used. */
export const packInputError = (message: string, cause?: unknown): ConfigError =>
  new ConfigError('bundle.pack-input', message, { cause });

export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw packInputError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : 'unknown'}`,
      error,
    );
  }
}

export async function readMetrics(file: string): Promise<BundleManifest['metrics']> {
  return parseConfig(bundleManifestSchema.shape.metrics, await readJson(file), file);
}

/** The held-out scores that the workshop wrote beside the models; undefined where it wrote none. */
export async function readIfWritten(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw packInputError(`${file} cannot be read`, error);
  }
}

export async function readModels(from: string, spec: PackSpec): Promise<ReadonlyMap<string, Uint8Array>> {
  const read = spec.variants.map(async ({ file }) => {
    try {
      return [file, await readFile(join(from, file))] as const;
    } catch (error) {
      throw packInputError(`${join(from, file)} cannot be read; export the model first`, error);
    }
  });
  return new Map(await Promise.all(read));
}

/** The revision that the new bundle must exceed; 0 where there is none. A folder of other things is never replaced. */
export async function currentRevision(folder: string): Promise<number> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (names.length === 0) return 0;
  if (!names.includes(manifestFile))
    throw packInputError(`${folder} holds other files than a bundle; choose another --out`);
  const manifest = await readJson(join(folder, manifestFile));
  return parseConfig(bundleManifestSchema, manifest, join(folder, manifestFile)).revision;
}

/** Values of the only input, by name of the vector. */
export async function readGoldenInputs(from: string, spec: PackSpec): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = join(from, spec.golden.folder);
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith('.bin')).sort();
  if (names.length === 0)
    throw packInputError(`${folder} holds no *.bin golden input; a bundle without golden vectors is refused`);
  const read = names
    .slice(0, spec.golden.limit)
    .map(async (name) => [`vector-${name.slice(0, -4).toLowerCase()}`, await readFile(join(folder, name))] as const);
  const inputs = new Map(await Promise.all(read));
  for (const variant of spec.variants) checkLengths(variant, inputs);
  return inputs;
}

function checkLengths(variant: BundleVariant, inputs: ReadonlyMap<string, Uint8Array>): void {
  const [input, ...others] = variant.inputs;
  if (input === undefined || others.length > 0 || !isTensorDtype(input.dtype)) {
    throw packInputError(`variant ${variant.id} must have exactly one input for golden vectors`);
  }
  const want = elementsOf(input.dims) * bytesPerElement[input.dtype];
  for (const [name, bytes] of inputs) {
    if (bytes.length !== want)
      throw packInputError(`golden input ${name} has ${bytes.length} bytes, variant ${variant.id} needs ${want}`);
  }
}

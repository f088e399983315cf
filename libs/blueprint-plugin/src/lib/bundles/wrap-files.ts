import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import type { wrapForeignModel } from '@edge-blueprints/inference';
import { z } from 'zod';
import type { StarterTarget } from '../apply-starter.js';
import type { StarterFiles } from '../render-template.js';
import type { ModelBundleOptions } from './check-model.js';

/** Both say which release it is, not what is in it. */
const releaseKeys = ['version', 'revision', 'files'];
const manifestSchema = z.looseObject({
  files: z.array(z.looseObject({ path: z.string() })).or(z.record(z.string(), z.unknown())),
});
const signatureSchema = z.looseObject({ keyId: z.string() });

export interface WrappedFiles {
  readonly files: StarterFiles;
  /** What was taken from the habit of the model's family. */
  readonly assumed: readonly string[];
  /** Whether the folder holds the same bundle already, by the same key. */
  readonly same: boolean;
}

/**
 * A bundle of a foreign model, in memory: made, loaded and checked in a temporary folder, so that a dry run writes nothing. The bundle
 * that is in `folder` is followed by its next revision.
 * @throws ConfigError `model-bundle.no-runtime`, and every refusal of `wrapForeignModel`
 */
export async function wrapFiles(
  { file, key, settings }: { readonly file: string; readonly key: string; readonly settings: string | undefined },
  options: ModelBundleOptions,
  folder: StarterTarget,
): Promise<WrappedFiles> {
  const work = mkdtempSync(join(tmpdir(), 'model-bundle-'));
  const out = join(work, 'bundle');
  try {
    const [manifest, signature] = [folder.read('bundle.json'), folder.read('bundle.sig.json')];
    if (manifest !== undefined) write(join(out, 'bundle.json'), manifest);
    const inference = await loadInference();
    const { assumed } = await inference.wrapForeignModel({
      ...{ file, out, key, fromSettings: settings, saveSettings: undefined, flags: flagsOf(options), ask: undefined },
    });
    const files = readFolder(out);
    const same =
      manifest !== undefined &&
      signature !== undefined &&
      content(manifest) === content(files.get('bundle.json')) &&
      keyOf(signature) === keyOf(files.get('bundle.sig.json'));
    return { files, assumed, same };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A packed plugin leaves ONNX Runtime to the workspace, whose app brings it along; the other generators need none. */
async function loadInference(): Promise<{ readonly wrapForeignModel: typeof wrapForeignModel }> {
  try {
    return await import('@edge-blueprints/inference');
  } catch (error) {
    throw new ConfigError(
      'model-bundle.no-runtime',
      'A bundle is checked by running its model, and @edge-blueprints/inference is not installed here: run this in a starter (or a clone) after npm ci.',
      { cause: error },
    );
  }
}

function flagsOf({
  name,
  family,
  labels,
  keypoints,
  width,
  height,
  threshold,
  licence,
  origin,
  trainedOn,
}: ModelBundleOptions) {
  const given = { name, family, labels, keypoints, width, height, threshold, licence, origin, 'trained-on': trainedOn };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}

function content(manifest: Buffer | undefined): string {
  const parsed = manifestSchema.parse(JSON.parse(manifest?.toString('utf8') ?? '{"files": []}'));
  return JSON.stringify(Object.entries(parsed).filter(([key]) => !releaseKeys.includes(key)));
}

const keyOf = (signature: Buffer | undefined): string =>
  signature === undefined ? '' : signatureSchema.parse(JSON.parse(signature.toString('utf8'))).keyId;

function write(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const readFolder = (folder: string): StarterFiles =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)]),
  );

import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InferenceEngine } from '@edge-blueprints/contracts';
import { sha256Hex } from './bundle-files.js';
import { manifestFile, signatureFile } from './bundle-path.js';
import { keyIdOf, signManifest } from './bundle-signature.js';
import { loadBundle, type LoadedBundle } from './load-bundle.js';
import type { BundleManifest } from './manifest.js';
import { replaceFolder } from './replace-folder.js';
import type { GoldenComparison } from './golden-comparison.js';
import { verifyGolden } from './verify-golden.js';

export interface PlaceOptions {
  /** Bundle folder, replaced as a whole. */
  readonly out: string;
  readonly privateKey: KeyObject;
  /** A fresh engine that computes the golden outputs. */
  readonly createEngine: () => InferenceEngine;
}

export interface PackReport {
  readonly bundle: LoadedBundle;
  readonly keyId: string;
  readonly bytes: number;
  /** By variant. */
  readonly golden: Readonly<Record<string, readonly GoldenComparison[]>>;
}

/**
 * Signs the manifest, writes all files beside the old folder, loads and checks them as a station would, and only then lets
 * them take its place.
 * @throws every refusal of `loadBundle` and `verifyGolden`
 */
export async function placeBundle(
  options: PlaceOptions,
  manifest: BundleManifest,
  files: Map<string, Uint8Array>,
): Promise<PackReport> {
  const manifestBytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`, 'utf8');
  files.set(manifestFile, manifestBytes);
  files.set(signatureFile, Buffer.from(signManifest(manifestBytes, options.privateKey), 'utf8'));
  const publicKey = createPublicKey(options.privateKey);
  const keyId = keyIdOf(publicKey);
  const trustedKeys = [{ keyId, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }];
  const draft = `${options.out}.draft-${process.pid}`;
  try {
    await writeFiles(draft, files);
    const checked = await loadBundle(draft, { trustedKeys });
    const golden: Record<string, readonly GoldenComparison[]> = {};
    for (const variant of manifest.variants)
      golden[variant.id] = await checkVariant(checked, variant.id, options.createEngine);
    await replaceFolder(draft, options.out);
    const bundle = await loadBundle(options.out, { trustedKeys });
    return { bundle, keyId, golden, bytes: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0) };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function checkVariant(
  bundle: LoadedBundle,
  id: string,
  createEngine: () => InferenceEngine,
): Promise<readonly GoldenComparison[]> {
  const engine = createEngine();
  try {
    await engine.load(bundle.variant(id));
    return await verifyGolden(engine, bundle, id);
  } finally {
    await engine.dispose();
  }
}

async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [file, bytes] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
}

/** Length and digest of every file, by name. */
export function entriesOf(files: ReadonlyMap<string, Uint8Array>): BundleManifest['files'] {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([file, bytes]) => [file, { sha256: sha256Hex(bytes), bytes: bytes.length }]));
}

import { readdir } from 'node:fs/promises';
import { ConfigError, type Tensor, type VerifiedModel } from '@edge-blueprints/contracts';
import { type z } from 'zod';
import { copyOf } from '../tensor-bytes.js';
import { checkFile, listFolder, readOnce, sha256Hex } from './bundle-files.js';
import { manifestFile, signatureFile } from './bundle-path.js';
import { bundleError, type BundleProblem } from './bundle-problems.js';
import { checkSignature, type TrustedKey } from './bundle-signature.js';
import { decodeGoldenTensor } from './golden-tensor.js';
import { bundleManifestSchema, type BundleManifest, type GoldenTolerance } from './manifest.js';
import { checkConsistency } from './manifest-consistency.js';
import { readBundleDrift, type BundleDrift } from './drift-file.js';
import { readValidationScores, type ValidationScores } from './validation-scores.js';

const maxManifestBytes = 1 << 20;
const maxSignatureBytes = 4096;

export interface LoadBundleOptions {
  readonly trustedKeys: readonly TrustedKey[];
  /** Refuses a bundle made for another task. */
  readonly expectTask?: string;
  /** Refuses an older revision, so that an attacker or a mistake cannot bring a replaced model back. */
  readonly minimumRevision?: number;
  /** Accepts a bundle WITHOUT a signature file (work on a model); a wrong signature is refused all the same. */
  readonly allowUnsigned?: boolean;
}

/** Inputs with the outputs that the model must give. */
export interface GoldenVector {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly tolerance: Readonly<Record<string, GoldenTolerance>>;
}

/** A verified bundle, wholly in memory: later changes of the folder do not reach it. */
export interface LoadedBundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  /** SHA-256 of bundle.json, which covers every file. */
  readonly digest: string;
  /** Id of the key; null for an unsigned bundle that was allowed. */
  readonly signedBy: string | null;
  /** The model card, Markdown. */
  readonly card: string;
  /** The template that the card was filled from; null in bundles of before it was kept. */
  readonly cardTemplate: string | null;
  /** What thresholds cost on held-out pictures; null in a bundle without them. */
  readonly validationScores: ValidationScores | null;
  /** What a station compares itself with; null in a bundle without it. */
  readonly drift: BundleDrift | null;
  /** @throws ConfigError `bundle.variant-unknown` */
  variant(id: string): VerifiedModel;
  /** @throws ConfigError `bundle.variant-unknown` */
  golden(variantId: string): readonly GoldenVector[];
}

/**
 * Reads a bundle folder, every file once, and refuses it unless everything fits: the signature over bundle.json, length and
 * digest of every listed file, no other file, the parts of the manifest among each other, task and revision.
 * @throws ConfigError with the code of the gravest problem (see docs/model-bundles.md); all problems are in the message
 */
export async function loadBundle(folder: string, options: LoadBundleOptions): Promise<LoadedBundle> {
  const problems: BundleProblem[] = [];
  if (!(await isFolder(folder)))
    throw bundleError(folder, [{ code: 'bundle.folder-missing', message: `${folder} is not a folder` }]);
  const listing = await listFolder(folder);
  problems.push(...listing.problems);
  if (!listing.files.includes(manifestFile)) {
    throw bundleError(folder, [
      ...problems,
      { code: 'bundle.manifest-missing', message: `${manifestFile} is not there` },
    ]);
  }
  const manifestBytes = await readOnce(folder, manifestFile, maxManifestBytes);
  const signedBy = await signer(folder, listing.files, manifestBytes, options, problems);
  const manifest = parseManifest(manifestBytes, problems);
  if (manifest === null) throw bundleError(folder, problems);
  const contents = await readListed(folder, listing.files, manifest, problems);
  problems.push(...checkConsistency(manifest), ...checkExpectations(manifest, options));
  const golden = decodeGolden(manifest, contents, problems);
  const validation = decodeValidationScores(manifest, contents, problems);
  const drift = decodeDrift(manifest, contents, problems);
  if (problems.length > 0) throw bundleError(folder, problems);
  return loadedBundle(folder, manifest, sha256Hex(manifestBytes), signedBy, contents, golden, validation, drift);
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    await readdir(folder);
    return true;
  } catch {
    return false;
  }
}

async function signer(
  folder: string,
  files: readonly string[],
  manifest: Uint8Array,
  options: LoadBundleOptions,
  problems: BundleProblem[],
): Promise<string | null> {
  if (!files.includes(signatureFile)) {
    if (options.allowUnsigned !== true)
      problems.push({ code: 'bundle.signature-missing', message: `${signatureFile} is not there` });
    return null;
  }
  const checked = checkSignature(
    manifest,
    await readOnce(folder, signatureFile, maxSignatureBytes),
    options.trustedKeys,
  );
  if ('signedBy' in checked) return checked.signedBy;
  problems.push(checked);
  return null;
}

function parseManifest(bytes: Uint8Array, problems: BundleProblem[]): BundleManifest | null {
  const invalid = (message: string) => {
    problems.push({ code: 'bundle.manifest-invalid', message });
    return null;
  };
  if (bytes.length > maxManifestBytes) return invalid(`${manifestFile} is longer than ${maxManifestBytes} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return invalid(`${manifestFile} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const parsed = bundleManifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const message = describeIssue(issue);
    const escape = message.startsWith('path "');
    const where = issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    problems.push({
      code: escape ? 'bundle.path-escape' : 'bundle.manifest-invalid',
      message: `${manifestFile}${where}: ${message}`,
    });
  }
  return null;
}

/** Problems of a record's key hide one level down. */
function describeIssue(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? issue.issues.map((inner) => inner.message).join('; ') : issue.message;
}

async function readListed(
  folder: string,
  present: readonly string[],
  manifest: BundleManifest,
  problems: BundleProblem[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const [path, entry] of Object.entries(manifest.files)) {
    if (!present.includes(path)) {
      problems.push({ code: 'bundle.file-missing', message: `${path} is listed but not there` });
      continue;
    }
    const bytes = await readOnce(folder, path, entry.bytes);
    const problem = checkFile(path, bytes, entry);
    if (problem === null) contents.set(path, bytes);
    else problems.push(problem);
  }
  for (const path of present) {
    const known = path === manifestFile || path === signatureFile || Object.hasOwn(manifest.files, path);
    if (!known) problems.push({ code: 'bundle.file-unlisted', message: `${path} is not listed in ${manifestFile}` });
  }
  return contents;
}

function checkExpectations(manifest: BundleManifest, options: LoadBundleOptions): readonly BundleProblem[] {
  const problems: BundleProblem[] = [];
  const { expectTask, minimumRevision } = options;
  if (expectTask !== undefined && manifest.task !== expectTask) {
    problems.push({
      code: 'bundle.task-mismatch',
      message: `made for task "${manifest.task}", this station needs "${expectTask}"`,
    });
  }
  if (minimumRevision !== undefined && manifest.revision < minimumRevision) {
    problems.push({
      code: 'bundle.rollback',
      message: `revision ${manifest.revision} is older than ${minimumRevision}, which was in use`,
    });
  }
  return problems;
}

function decodeGolden(
  manifest: BundleManifest,
  contents: ReadonlyMap<string, Uint8Array>,
  problems: BundleProblem[],
): ReadonlyMap<string, readonly GoldenVector[]> {
  const byVariant = new Map<string, GoldenVector[]>();
  for (const vector of manifest.goldenVectors) {
    const variant = manifest.variants.find((candidate) => candidate.id === vector.variant);
    const decode = (entries: typeof vector.inputs, specs: NonNullable<typeof variant>['inputs']) => {
      const tensors: Record<string, Tensor> = {};
      for (const spec of specs) {
        const entry = entries[spec.name];
        const bytes = entry === undefined ? undefined : contents.get(entry.file);
        if (entry === undefined || bytes === undefined || spec.dims.includes(-1)) continue;
        const tensor = decodeGoldenTensor(bytes, entry.encoding, spec);
        if ('problem' in tensor)
          problems.push({ code: 'bundle.shape-mismatch', message: `${entry.file} ${tensor.problem}` });
        else tensors[spec.name] = tensor;
      }
      return tensors;
    };
    const decoded = {
      name: vector.name,
      inputs: decode(vector.inputs, variant?.inputs ?? []),
      outputs: decode(vector.outputs, variant?.outputs ?? []),
      tolerance: vector.tolerance,
    };
    byVariant.set(vector.variant, [...(byVariant.get(vector.variant) ?? []), decoded]);
  }
  return byVariant;
}

function decodeValidationScores(
  manifest: BundleManifest,
  contents: ReadonlyMap<string, Uint8Array>,
  problems: BundleProblem[],
): ValidationScores | null {
  const file = manifest.validationScores;
  const bytes = file === undefined ? undefined : contents.get(file);
  if (file === undefined || bytes === undefined) return null;
  const read = readValidationScores(bytes, file, manifest);
  if ('scores' in read) return read.scores;
  problems.push(...read.problems);
  return null;
}

function decodeDrift(
  manifest: BundleManifest,
  contents: ReadonlyMap<string, Uint8Array>,
  problems: BundleProblem[],
): BundleDrift | null {
  const file = manifest.driftReference;
  const bytes = file === undefined ? undefined : contents.get(file);
  if (file === undefined || bytes === undefined) return null;
  const read = readBundleDrift(bytes, file, manifest);
  if ('drift' in read) return read.drift;
  problems.push(...read.problems);
  return null;
}

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

function loadedBundle(
  folder: string,
  manifest: BundleManifest,
  digest: string,
  signedBy: string | null,
  contents: ReadonlyMap<string, Uint8Array>,
  golden: ReadonlyMap<string, readonly GoldenVector[]>,
  validationScores: ValidationScores | null,
  drift: BundleDrift | null,
): LoadedBundle {
  const find = (id: string) => {
    const found = manifest.variants.find((variant) => variant.id === id);
    const bytes = found === undefined ? undefined : contents.get(found.file);
    if (found !== undefined && bytes !== undefined) return { found, bytes };
    const known = manifest.variants.map((variant) => variant.id).join(', ');
    throw new ConfigError(
      'bundle.variant-unknown',
      `Bundle ${manifest.name} has no variant "${id}". Choose one of: ${known}`,
    );
  };
  return {
    folder,
    manifest,
    digest,
    signedBy,
    card: textOf(contents.get(manifest.card)),
    cardTemplate: manifest.cardTemplate === undefined ? null : textOf(contents.get(manifest.cardTemplate)),
    validationScores,
    drift,
    variant: (id) => {
      const { found, bytes } = find(id);
      const modelDigest = manifest.files[found.file]?.sha256 ?? '';
      const { name: bundle, version } = manifest;
      // A copy, because an engine may hand the buffer over to its worker.
      return {
        bundle,
        version,
        variant: id,
        precision: found.precision,
        modelDigest,
        bytes: copyOf(bytes),
        inputs: found.inputs,
        outputs: found.outputs,
      };
    },
    golden: (id) => golden.get(find(id).found.id) ?? [],
  };
}

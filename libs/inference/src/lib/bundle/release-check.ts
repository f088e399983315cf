import { ConfigError, errorMessage, type InferenceEngine } from '@edge-blueprints/contracts';
import { bundleFaults, type BundleFault, type BundleProblem } from './bundle-problems.js';
import type { TrustedKey } from './bundle-signature.js';
import { cardDifference } from './card-check.js';
import { bundleUse } from './licence-record.js';
import { loadBundle, type LoadedBundle } from './load-bundle.js';
import { releaseRequirements } from './release-requirements.js';
import { verifyGolden } from './verify-golden.js';

/** One check of a committed bundle; `detail` is a line or, for a failure, every problem on a line of its own. */
export interface ReleaseCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface ReleaseCheckDeps {
  readonly trustedKeys: readonly TrustedKey[];
  /** A fresh engine of the station's own path. */
  readonly createEngine: () => InferenceEngine;
}

/** What `loadBundle` finds, by the check that it belongs to. */
const checkOfFault = {
  'bundle.folder-missing': 'files',
  'bundle.manifest-missing': 'files',
  'bundle.signature-missing': 'signature',
  'bundle.signature-malformed': 'signature',
  'bundle.key-unknown': 'signature',
  'bundle.signature-invalid': 'signature',
  'bundle.path-escape': 'files',
  'bundle.manifest-invalid': 'contract',
  'bundle.not-a-file': 'files',
  'bundle.file-missing': 'files',
  'bundle.truncated': 'files',
  'bundle.too-large': 'files',
  'bundle.digest-mismatch': 'files',
  'bundle.file-unlisted': 'files',
  'bundle.rollback': 'contract',
  'bundle.task-mismatch': 'contract',
  'bundle.licence-forbidden': 'licences',
  'bundle.licence-unmarked': 'licences',
  'bundle.inconsistent': 'contract',
  'bundle.shape-mismatch': 'contract',
  'bundle.validation-scores': 'contract',
  'bundle.drift-reference': 'contract',
} as const satisfies Record<BundleFault, string>;

/**
 * Checks a committed bundle from what it holds and the trusted keys alone: signature, digests, contract, golden vectors through
 * the station's engine, licences, agreement of all paths, figures, and that the card is what template and manifest give.
 * Never throws for what is wrong with the bundle; each check is one entry.
 */
export async function checkRelease(folder: string, deps: ReleaseCheckDeps): Promise<readonly ReleaseCheck[]> {
  const loaded = await tryLoad(folder, deps.trustedKeys);
  if ('problems' in loaded) return refusedChecks(loaded.problems);
  const { bundle } = loaded;
  const { manifest } = bundle;
  const passed = (name: string, detail: string): ReleaseCheck => ({ name, ok: true, detail });
  const checks = [
    passed('signature', `by ${bundle.signedBy ?? 'nobody'}, manifest SHA-256 ${bundle.digest.slice(0, 16)}...`),
    passed('files', `${Object.keys(manifest.files).length} files have their digests`),
    passed('contract', `${manifest.task}, labels, thresholds, shapes and golden vectors fit each other`),
  ];
  for (const { id } of manifest.variants) checks.push(...(await variantChecks(bundle, id, deps.createEngine)));
  const template = bundle.cardTemplate;
  for (const { name, problems } of releaseRequirements(manifest, template ?? '')) {
    if (name === 'template' && template === null) continue;
    checks.push({
      name,
      ok: problems.length === 0,
      detail: problems.length === 0 ? detailOf(name, bundle) : problems.join('\n'),
    });
  }
  return [...checks, cardCheck(bundle)];
}

async function tryLoad(
  folder: string,
  trustedKeys: readonly TrustedKey[],
): Promise<{ readonly bundle: LoadedBundle } | { readonly problems: readonly BundleProblem[] }> {
  try {
    return { bundle: await loadBundle(folder, { trustedKeys }) };
  } catch (error) {
    const problems = error instanceof ConfigError ? error.context['problems'] : undefined;
    if (!Array.isArray(problems)) throw error;
    return { problems: problems.filter(isProblem) };
  }
}

function isProblem(value: unknown): value is BundleProblem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    'code' in value &&
    bundleFaults.some((fault) => fault === value.code)
  );
}

function refusedChecks(problems: readonly BundleProblem[]): readonly ReleaseCheck[] {
  const names = [...new Set(problems.map(({ code }) => checkOfFault[code]))];
  return [
    ...names.map((name) => {
      const own = problems.filter(({ code }) => checkOfFault[code] === name);
      return { name, ok: false, detail: own.map(({ code, message }) => `${code}: ${message}`).join('\n') };
    }),
    { name: 'golden, card, figures', ok: false, detail: 'not checked, because the bundle does not load' },
  ];
}

async function variantChecks(
  bundle: LoadedBundle,
  id: string,
  createEngine: () => InferenceEngine,
): Promise<readonly ReleaseCheck[]> {
  const engine = createEngine();
  const tensors = `tensors ${id}`;
  try {
    await engine.load(bundle.variant(id));
  } catch (error) {
    await engine.dispose();
    return [{ name: tensors, ok: false, detail: errorMessage(error) }];
  }
  const loaded = { name: tensors, ok: true, detail: 'the ONNX file has the tensors that the manifest states' };
  try {
    const compared = await verifyGolden(engine, bundle, id);
    const vectors = bundle.golden(id).length;
    const worst = Math.max(...compared.map(({ largestDifference }) => largestDifference));
    const detail = `${vectors} vectors, ${compared.length} outputs, largest difference ${worst.toPrecision(3)}`;
    return [loaded, { name: `golden ${id}`, ok: true, detail }];
  } catch (error) {
    return [loaded, { name: `golden ${id}`, ok: false, detail: errorMessage(error) }];
  } finally {
    await engine.dispose();
  }
}

function detailOf(name: string, { manifest }: LoadedBundle): string {
  if (name === 'licences') {
    const inputs = manifest.lineage.inputs ?? [];
    const kinds = [...new Set(inputs.map(({ licence }) => licence))].join(', ');
    return `${inputs.length} inputs stated (${kinds}); use: ${bundleUse(manifest)}`;
  }
  if (name === 'agreement' && manifest.lineage.wrapped !== undefined)
    return 'made elsewhere: no other path of this model to compare with';
  if (name === 'agreement') return `${manifest.agreement?.length ?? 0} comparisons within their tolerances`;
  return name === 'figures' ? `every figure required for ${manifest.task}` : 'no typed figure, every required place';
}

function cardCheck({ manifest, card, cardTemplate }: LoadedBundle): ReleaseCheck {
  if (cardTemplate === null) {
    const detail = 'the bundle holds no card template, so nothing shows that its card was not typed; pack it again';
    return { name: 'card', ok: false, detail };
  }
  try {
    const difference = cardDifference(manifest, cardTemplate, card);
    return { name: 'card', ok: difference === null, detail: difference ?? 'regenerated byte for byte' };
  } catch (error) {
    return { name: 'card', ok: false, detail: errorMessage(error) };
  }
}

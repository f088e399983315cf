import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import { errorCode, errorMessage, type Logger } from '@edge-blueprints/contracts';
import type { ReportedModel } from './advisory-reports.js';

const hourMs = 3_600_000;

/**
 * The model of the configuration as FHIR names it: file hash, card, and what its first label foretells.
 * @returns undefined where none is configured or its bundle does not load; the ward and its other resources go on without
 */
export async function readReportedModel(
  model: { readonly folder: string; readonly trustedKeysFile: string } | undefined,
  deps: { readonly activatedMs: number; readonly log: Logger },
): Promise<ReportedModel | undefined> {
  if (model === undefined) return undefined;
  try {
    const bundle = await loadBundle(model.folder, { trustedKeys: await readTrustedKeys(model.trustedKeysFile) });
    const { manifest } = bundle;
    const [variant] = manifest.variants;
    const [label] = manifest.labels;
    // `news2-high-6h`: what, and within how many hours.
    const [, what, hours] = /^(.+)-(\d{1,3})h$/.exec(label ?? '') ?? [];
    if (variant === undefined || what === undefined) return undefined;
    return {
      name: manifest.name,
      version: manifest.version,
      sha256: bundle.variant(variant.id).modelDigest,
      activatedMs: deps.activatedMs,
      card: await readFile(join(model.folder, manifest.card), 'utf8'),
      horizonMs: Number(hours) * hourMs,
      outcome: `${what} within ${hours} hours`,
    };
  } catch (error) {
    deps.log.warn('fhir.model-unknown', { code: errorCode(error), message: errorMessage(error) });
    return undefined;
  }
}

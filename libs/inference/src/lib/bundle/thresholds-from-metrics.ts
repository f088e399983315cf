import { parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { BundleManifest } from './manifest.js';
import type { PackSpec } from './pack-spec.js';

const chosenSchema = z.strictObject({
  per_class: z.record(z.string(), z.number().min(0).max(1)),
  provenance: z.string().min(1),
});

/** Verdict thresholds as the training chose them; the spec's default, named as such, where it chose none. */
export function thresholdsFrom(
  metrics: BundleManifest['metrics'],
  spec: Pick<PackSpec, 'labels' | 'thresholds'>,
): BundleManifest['thresholds'] {
  const stated = metrics['thresholds'];
  const chosen = stated === undefined ? null : parseConfig(chosenSchema, stated, 'thresholds of the metrics file');
  return spec.labels.map((label) => {
    const threshold = chosen?.per_class[label];
    return chosen === null || threshold === undefined
      ? { label, threshold: spec.thresholds.default, provenance: spec.thresholds.provenance }
      : { label, threshold: Math.round(threshold * 1e4) / 1e4, provenance: chosen.provenance };
  });
}

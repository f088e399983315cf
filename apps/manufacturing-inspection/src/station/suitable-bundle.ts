import { ConfigError } from '@edge-blueprints/contracts';
import type { BundleManifest, LoadedBundle } from '@edge-blueprints/inference';

/** The task this station's models are made for. */
export const stationTask = 'object-detection';

export type SuitableManifest = BundleManifest & {
  readonly preprocess: Extract<BundleManifest['preprocess'], { kind: 'test-and-template' }>;
};

/** @throws ConfigError `station.bundle-unsuitable` for a model that does not look at the golden template */
export function suitableManifest(bundle: LoadedBundle): SuitableManifest {
  const { preprocess } = bundle.manifest;
  if (preprocess.kind !== 'test-and-template') {
    throw new ConfigError(
      'station.bundle-unsuitable',
      `Bundle ${bundle.manifest.name} in ${bundle.folder} prepares its input by "${preprocess.kind}"; this station compares each part with its golden template and needs "test-and-template"`,
    );
  }
  return { ...bundle.manifest, preprocess };
}

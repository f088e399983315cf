import { ConfigError } from '@edge-blueprints/contracts';
import { bundleUse } from '@edge-blueprints/inference';
import type { BundleManifest, LoadedBundle } from '@edge-blueprints/inference';
import type { StationConfig } from '../config.js';

/** The task of models that find labelled defects. */
export const stationTask = 'object-detection';
/** The task of one-class models, which know good parts only. */
export const anomalyTask = 'anomaly-detection';

/**
 * What the station must have for this model: a task that it knows, and templates and a fixed picture size where the model
 * compares each part with its golden template.
 * @throws ConfigError `station.bundle-unsuitable` with every problem
 */
export function suitableManifest(
  { manifest, folder }: Pick<LoadedBundle, 'manifest' | 'folder'>,
  {
    templates,
    frame,
  }: Pick<StationConfig, 'templates'> & { readonly frame: Pick<StationConfig['frame'], 'width' | 'height'> },
): BundleManifest {
  const compares = manifest.preprocess.kind === 'test-and-template';
  const problems = [
    ...([stationTask, anomalyTask].includes(manifest.task)
      ? []
      : [`its task is "${manifest.task}"; this station knows ${stationTask} and ${anomalyTask}`]),
    ...(compares && templates === null
      ? ['it compares each part with its golden template, but templates is null; give templates.folder']
      : []),
    ...(compares && (frame.width === null || frame.height === null)
      ? ['it needs pictures of one size, but frame.width or frame.height is null; give the size of its input']
      : []),
  ];
  if (problems.length === 0) return manifest;
  throw new ConfigError(
    'station.bundle-unsuitable',
    `Bundle ${manifest.name} in ${folder} does not suit this station:\n  ${problems.join('\n  ')}`,
  );
}

/**
 * A model whose data is for research only, or of unknown licence, does not judge real parts unless somebody answers for it.
 * @throws ConfigError `station.bundle-research`
 */
export function requireAllowedUse(
  {
    manifest,
    folder,
  }: {
    readonly folder: string;
    readonly manifest: Pick<BundleManifest, 'name' | 'version' | 'licence' | 'use' | 'lineage'>;
  },
  {
    station,
    bundle,
  }: {
    readonly station: Pick<StationConfig['station'], 'simulated'>;
    readonly bundle: Pick<StationConfig['bundle'], 'allowResearch'>;
  },
): void {
  if (bundleUse(manifest) !== 'research' || station.simulated || bundle.allowResearch) return;
  const { spdx, note } = manifest.licence;
  throw new ConfigError(
    'station.bundle-research',
    `Bundle ${manifest.name} ${manifest.version} in ${folder} is for research use only (${spdx}): ${note}\n` +
      'This station is in production (station.simulated is false). Deploy a bundle trained on data of your own, or set bundle.allowResearch: true where the terms of its data permit this use.',
    { context: { bundle: manifest.name, licence: spdx } },
  );
}

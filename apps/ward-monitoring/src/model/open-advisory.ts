import { ConfigError, type InferenceEngine } from '@edge-blueprints/contracts';
import { verifyGolden, type LoadedBundle } from '@edge-blueprints/inference';
import { createAdvisoryLane, type AdvisoryLane } from './advisory-lane.js';
import { createRowModel } from './feature-rows.js';

/** The task that a bundle must have been made for. */
export const advisoryTask = 'deterioration-advisory';

/**
 * Loads the bundle's first variant into a fresh engine, runs its golden vectors, and opens the lane. The first label of the bundle
 * raises the advisory. The caller goes on without a model when this refuses: rules never wait for it.
 * @throws ConfigError `ward.model-unfit`, `bundle.golden-mismatch`, and what the engine's load throws
 */
export async function openAdvisoryLane(bundle: LoadedBundle, engine: InferenceEngine): Promise<AdvisoryLane> {
  const { manifest } = bundle;
  const { preprocess, postprocess, labels, thresholds } = manifest;
  const [variant] = manifest.variants;
  const [label] = labels;
  const threshold = thresholds.find((entry) => entry.label === label)?.threshold;
  if (
    manifest.task !== advisoryTask ||
    preprocess.kind !== 'window-features' ||
    postprocess.decoder !== 'probabilities' ||
    variant === undefined ||
    label === undefined ||
    threshold === undefined
  )
    throw new ConfigError(
      'ward.model-unfit',
      `${bundle.folder} is made for ${manifest.task} and takes ${preprocess.kind}; the ward needs a bundle for ${advisoryTask} that takes window-features. Name another folder or none`,
    );
  const verified = bundle.variant(variant.id);
  await engine.load(verified);
  await verifyGolden(engine, bundle, variant.id);
  const { columns } = preprocess;
  const model = createRowModel({
    engine,
    input: preprocess.input,
    output: postprocess.output,
    rows: variant.height,
    columns: columns.length,
    labels: labels.length,
    modelDigest: verified.modelDigest,
  });
  return createAdvisoryLane({
    model,
    name: `${manifest.name} ${manifest.version}`,
    modelDigest: verified.modelDigest,
    columns,
    label: { index: 0, name: label, threshold },
  });
}

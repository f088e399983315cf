import { ConfigError } from '@edge-blueprints/contracts';
import { freezeEmbeddingReference, freezeReference } from '@edge-blueprints/drift';
import type { BundleDrift } from '@edge-blueprints/inference';
import { partFeatureUnits, type PartFeatureName, type PartFeatures } from './part-features.js';

/**
 * Effects below these are no drift, however sure a test is. Features: one standard deviation of the reference. Response: a
 * kernel distance of 0.35, because lines of six other products lay up to 0.23 from a reference of 300 designs.
 */
const effects = { feature: 1, embedding: 0.35 } as const;
const bins = 10;
const sampleSize = 1_000;
const directions = 64;
const leastValues = 100;

/**
 * Freezes what many parts looked like into the reference of a bundle. Parts are taken as independent: rendered boards are.
 * @throws ConfigError `drift.reference-too-small` for features with fewer than 100 values, all at once
 */
export function makeBundleDrift(
  parts: readonly PartFeatures[],
  about: Pick<BundleDrift, 'model' | 'source'> & { readonly seed: number },
): BundleDrift {
  const valuesOf = (feature: PartFeatureName): readonly number[] =>
    parts.flatMap(({ scalars }) => scalars[feature] ?? []);
  const names = Object.keys(partFeatureUnits).filter(isFeature);
  const small = names.filter((feature) => valuesOf(feature).length < leastValues);
  if (small.length > 0)
    throw new ConfigError(
      'drift.reference-too-small',
      `A reference needs ${leastValues} values a feature: ${small.map((name) => `${name} has ${valuesOf(name).length}`).join(', ')}. Give more pictures.`,
    );
  const rows = parts.flatMap(({ embedding }) => embedding ?? []);
  return {
    format: 'edge-bundle-drift/1',
    model: about.model,
    source: about.source,
    parts: parts.length,
    features: names.map((feature) => ({
      feature,
      unit: partFeatureUnits[feature],
      reference: freezeReference(valuesOf(feature), {
        bins,
        sampleSize,
        seed: about.seed,
        // A folder holds one design after the other; a line mixes them.
        autocorrelationTime: 1,
      }),
      minimumEffect: effects.feature,
    })),
    embedding:
      rows.length < leastValues
        ? null
        : {
            feature: 'response',
            reference: freezeEmbeddingReference(joined(rows), { directions, seed: about.seed }),
            minimumEffect: effects.embedding,
          },
  };
}

function joined(rows: readonly Float64Array[]): { readonly data: Float64Array; readonly dims: number } {
  const dims = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * dims);
  rows.forEach((row, i) => data.set(row, i * dims));
  return { data, dims };
}

function isFeature(name: string): name is PartFeatureName {
  return name in partFeatureUnits;
}

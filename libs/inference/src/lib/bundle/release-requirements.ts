import { ConfigError } from '@edge-blueprints/contracts';
import { withinTolerance } from './agreement-schema.js';
import { templateProblems } from './card-check.js';
import { licenceGaps, licenceProblems } from './licence-record.js';
import type { BundleManifest } from './manifest.js';
import { missingFigures } from './required-figures.js';

/** One thing that a released bundle must show, with what is wrong with it. */
export interface Requirement {
  readonly name: 'licences' | 'agreement' | 'figures' | 'template';
  readonly problems: readonly string[];
}

/** What a bundle must show beyond being consistent: licences, agreement of all paths, figures, a template without typed figures. */
export function releaseRequirements(manifest: BundleManifest, template: string): readonly Requirement[] {
  return [
    {
      name: 'licences',
      problems: [...licenceGaps(manifest), ...licenceProblems(manifest).map((problem) => problem.message)],
    },
    { name: 'agreement', problems: agreementProblems(manifest) },
    {
      name: 'figures',
      problems: missingFigures(manifest).map((name) => `the metrics lack "${name}", which the card must show`),
    },
    { name: 'template', problems: templateProblems(template) },
  ];
}

function agreementProblems({ agreement = [], variants, lineage }: BundleManifest): readonly string[] {
  // There is one file and nothing to train it with; the golden vectors compare machines.
  if (lineage.wrapped !== undefined && agreement.length === 0) return [];
  const outputs = variants.flatMap(({ id, outputs: tensors }) => tensors.map(({ name }) => ({ id, name })));
  const unproven = outputs.filter(
    ({ id, name }) => !agreement.some((entry) => entry.path === `station ${id}` && entry.output === name),
  );
  return [
    ...unproven.map(({ id, name }) => `output "${name}" of ${id} was compared with no other path`),
    ...agreement
      .filter((entry) => !withinTolerance(entry))
      .map(({ reference, path, output }) => `"${output}" of ${reference} and ${path} lies outside of its tolerance`),
  ];
}

/** @throws ConfigError `bundle.unreleasable` with every problem; `withFigures: false` packs a model not measured yet */
export function requireReleasable(
  manifest: BundleManifest,
  template: string,
  { withFigures }: { readonly withFigures: boolean },
): void {
  const problems = releaseRequirements(manifest, template)
    .filter(({ name }) => withFigures || name !== 'figures')
    .flatMap(({ name, problems: found }) => found.map((problem) => `  ${name}: ${problem}`));
  if (problems.length === 0) return;
  throw new ConfigError(
    'bundle.unreleasable',
    [`The bundle ${manifest.name} cannot be released:`, ...problems].join('\n'),
    { context: { bundle: manifest.name } },
  );
}

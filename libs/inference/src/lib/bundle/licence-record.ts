import { z } from 'zod';
import type { BundleProblem } from './bundle-problems.js';
import type { BundleManifest } from './manifest.js';

const text = (description: string) => z.string().min(1).meta({ description });

/** SPDX expression or LicenseRef: words of letters, digits, dots, plus and dashes, joined by AND, OR, WITH. */
const licenceName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9.+-]*( (AND|OR|WITH) [A-Za-z0-9][A-Za-z0-9.+-]*)*$/,
    'must be an SPDX identifier or LicenseRef-...',
  );

export const lineageInputSchema = z.strictObject({
  name: text('What went into the weights.'),
  kind: z.enum(['data', 'code', 'weights']).meta({
    description: 'data: pictures and labels; code: what makes network or data; weights: a network it was started from.',
  }),
  licence: licenceName.meta({ description: 'SPDX identifier, or LicenseRef-... for terms that have none.' }),
  redistribution: z.enum(['allowed', 'research-only', 'forbidden', 'unknown']).meta({
    description: 'Whether weights made from it may be passed on; unknown where its author states nothing.',
  }),
  source: text('Where it comes from, with its version.'),
  citation: text('What its author asks to be cited; "none" where nothing is asked.'),
});
export type LineageInput = z.infer<typeof lineageInputSchema>;

/** What a bundle may be used for. */
export type BundleUse = 'unrestricted' | 'research';

/** A bundle without a record of its inputs counts as research: nothing shows that more is allowed. */
export function bundleUse(manifest: Pick<BundleManifest, 'use' | 'lineage'>): BundleUse {
  return manifest.use === 'research' || manifest.lineage.inputs === undefined ? 'research' : 'unrestricted';
}

/** Inputs that may not go into passed-on weights at all, or only into a bundle marked for research. */
export function licenceProblems(manifest: Pick<BundleManifest, 'use' | 'lineage'>): readonly BundleProblem[] {
  const { use, lineage } = manifest;
  const inputs = lineage.inputs ?? [];
  const forbidden = inputs
    .filter((input) => input.redistribution === 'forbidden')
    .map((input) => ({
      code: 'bundle.licence-forbidden' as const,
      message: `${input.kind} "${input.name}" (${input.licence}) forbids redistribution; train again without it`,
    }));
  const unmarked = inputs
    .filter((input) => input.redistribution === 'research-only' || input.redistribution === 'unknown')
    .map((input) => ({
      code: 'bundle.licence-unmarked' as const,
      message: `${input.kind} "${input.name}" (${input.licence}) is ${input.redistribution}; mark the bundle with "use": "research", or train again without it`,
    }));
  return use === 'research' ? forbidden : [...forbidden, ...unmarked];
}

/** What is missing in the record of a bundle that is to be released; empty when the licence of every kind of input is stated. */
export function licenceGaps(manifest: Pick<BundleManifest, 'lineage'>): readonly string[] {
  const { inputs, wrapped } = manifest.lineage;
  // Of a model that was made elsewhere nobody here knows the code and every picture; its licence covers the weights.
  const kinds = wrapped === undefined ? (['data', 'code'] as const) : (['weights'] as const);
  if (inputs === undefined) return ['lineage.inputs is missing; state name, kind and licence of every input'];
  const names = inputs.map((input) => input.name);
  return [
    ...kinds
      .filter((kind) => !inputs.some((input) => input.kind === kind))
      .map((kind) => `lineage.inputs names no ${kind}`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `lineage.inputs names "${name}" twice`),
  ];
}

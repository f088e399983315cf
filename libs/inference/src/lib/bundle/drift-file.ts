import { driftReferenceSchema, embeddingReferenceSchema } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { BundleProblem } from './bundle-problems.js';
import type { BundleManifest } from './manifest.js';

/** Name of the file within the workshop's output and within the bundle. */
export const bundleDriftFile = 'drift-reference.json';

const name = z.string().min(1).max(64);
const minimumEffect = z
  .number()
  .nonnegative()
  .meta({ description: 'Smallest effect that matters: an alarm needs it beside a small p-value.' });

/** What pictures and answers looked like when the model was released: what a station compares itself with. */
export const bundleDriftSchema = z
  .strictObject({
    format: z.literal('edge-bundle-drift/1'),
    model: z
      .strictObject({ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
      .meta({ description: 'ONNX file that gave the answers, as it is listed in the bundle.' }),
    source: z.string().min(1).max(500).meta({ description: 'The pictures and the command, for people.' }),
    parts: z.int().min(1).meta({ description: 'Parts that were looked at.' }),
    features: z
      .array(
        z.strictObject({ feature: name, unit: z.string().max(32), reference: driftReferenceSchema, minimumEffect }),
      )
      .min(1)
      .max(32),
    embedding: z.strictObject({ feature: name, reference: embeddingReferenceSchema, minimumEffect }).nullable(),
  })
  .meta({ title: 'Drift reference', description: 'drift-reference.json of a model bundle.' });

export type BundleDrift = Readonly<z.infer<typeof bundleDriftSchema>>;

/** The reference, or everything that is wrong with the file. */
export function readBundleDrift(
  bytes: Uint8Array,
  file: string,
  { files }: Pick<BundleManifest, 'files'>,
): { readonly drift: BundleDrift } | { readonly problems: readonly BundleProblem[] } {
  const invalid = (message: string): BundleProblem => ({
    code: 'bundle.drift-reference',
    message: `${file}: ${message}`,
  });
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    return { problems: [invalid(`not JSON: ${error instanceof Error ? error.message : 'unreadable'}`)] };
  }
  const parsed = bundleDriftSchema.safeParse(json);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => invalid(`at ${path.join('.')}: ${message}`)) };
  const { model, features, embedding } = parsed.data;
  const names = [...features, ...(embedding === null ? [] : [embedding])].map(({ feature }) => feature);
  const twice = names.filter((feature, i) => names.indexOf(feature) !== i);
  const problems = [
    ...(files[model.file]?.sha256 === model.sha256
      ? []
      : [
          `made with another ${model.file} (${model.sha256.slice(0, 16)}...); make it anew with this one and pack again`,
        ]),
    ...twice.map((feature) => `feature ${feature} stands there twice`),
  ];
  return problems.length > 0 ? { problems: problems.map(invalid) } : { drift: parsed.data };
}

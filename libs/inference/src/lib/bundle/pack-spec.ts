import { z } from 'zod';
import { bundleManifestSchema } from './manifest.js';

const { shape } = bundleManifestSchema;
const golden = shape.goldenVectors.element.shape;

/** bundle.spec.json: what the author of a model states; the packer adds digests, golden outputs and the signature. */
export const packSpecSchema = z.strictObject({
  name: shape.name,
  version: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be major.minor; the revision becomes the third number')
    .meta({ description: 'Major and minor version.' }),
  task: shape.task,
  labels: shape.labels,
  licence: shape.licence,
  lineage: shape.lineage,
  variants: shape.variants.meta({ description: 'Variants; `file` is the name within --from and within the bundle.' }),
  preprocess: shape.preprocess,
  postprocess: shape.postprocess,
  thresholds: z
    .strictObject({
      default: z.number().min(0).max(1).meta({ description: 'For labels that the metrics file has no threshold for.' }),
      provenance: z.string().min(1).meta({ description: 'Says where the default comes from.' }),
    })
    .meta({
      description: 'Thresholds come from `thresholds` of the metrics file: {per_class: {label: number}, provenance}.',
    }),
  golden: z.strictObject({
    folder: z.string().meta({ description: 'Folder within --from with *.bin inputs (raw values of the only input).' }),
    limit: z.int().min(1).max(16).meta({ description: 'The first so many files become vectors.' }),
    step: z
      .record(z.string(), z.number().positive())
      .meta({ description: 'Expected values are rounded to this step, by output.' }),
    tolerance: z
      .partialRecord(z.enum(['fp32', 'fp16', 'int8']), golden.tolerance)
      .meta({ description: 'Tolerances by precision and output.' }),
  }),
  expectedLatencyMs: shape.expectedLatencyMs,
  metrics: z.string().meta({ description: 'Metrics file within --from.' }),
  cardTemplate: z.string().meta({ description: 'Markdown template of the card, beside the spec; see fillCard.' }),
});
export type PackSpec = z.infer<typeof packSpecSchema>;

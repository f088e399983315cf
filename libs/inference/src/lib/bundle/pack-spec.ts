import { z } from 'zod';
import { agreementToleranceSchema } from './agreement-schema.js';
import { lineageInputSchema } from './licence-record.js';
import { bundleManifestSchema } from './manifest.js';

const { shape } = bundleManifestSchema;
const golden = shape.goldenVectors.element.shape;

const agreementTolerances = z.record(z.string(), agreementToleranceSchema);

/** bundle.spec.json: what the author of a model states; the packer adds digests, golden outputs and the signature. */
export const packSpecSchema = z.strictObject({
  name: shape.name,
  version: z
    .string()
    .regex(/^\d+\.\d+$/, 'must be major.minor; the revision becomes the third number')
    .meta({ description: 'Major and minor version.' }),
  task: shape.task,
  labels: shape.labels,
  keypoints: shape.keypoints,
  licence: shape.licence,
  use: shape.use,
  lineage: shape.lineage.extend({
    inputs: z
      .array(lineageInputSchema)
      .min(1)
      .meta({ description: 'Licence of everything that went into the weights: data, code, starting weights.' }),
  }),
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
    agreement: z
      .strictObject({
        reference: z.string().min(1).default('pytorch').meta({ description: 'Path that is taken as right.' }),
        tolerance: z.partialRecord(
          z.enum(['fp32', 'fp16', 'int8']),
          z.strictObject({
            toReference: agreementTolerances.meta({ description: 'Against the reference and the FP32 file.' }),
            toStation: agreementTolerances.meta({ description: 'The same file in the workshop and in the station.' }),
          }),
        ),
      })
      .meta({ description: 'How far the ways of computing the model may be apart on the golden vectors.' }),
  }),
  expectedLatencyMs: shape.expectedLatencyMs,
  metrics: z.string().meta({ description: 'Metrics file within --from.' }),
  cardTemplate: z.string().meta({ description: 'Markdown template of the card, beside the spec; see fillCard.' }),
});
export type PackSpec = z.infer<typeof packSpecSchema>;

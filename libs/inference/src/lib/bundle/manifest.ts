import { postprocessSchema } from '@edge-blueprints/vision';
import { z } from 'zod';
import { agreementSchema, toleranceSchema } from './agreement-schema.js';
import { bundlePathProblem } from './bundle-path.js';
import { lineageInputSchema } from './licence-record.js';

const text = (description: string) => z.string().min(1).meta({ description });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits (SHA-256)');
const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'must be lower-case letters, digits, dots and dashes');
const path = z.string().refine((value) => bundlePathProblem(value) === null, {
  error: (issue) => bundlePathProblem(String(issue.input)) ?? 'not a path inside the bundle',
});

const tensorSpecSchema = z.strictObject({
  name: text('Name of the tensor in the ONNX graph.'),
  dtype: z.enum(['float32', 'uint8', 'int8', 'int32', 'int64']).meta({ description: 'Element type.' }),
  dims: z
    .array(z.int().min(-1))
    .min(1)
    .max(8)
    .meta({ description: 'Sizes, row-major; -1 where the model leaves a size open.' }),
});

const fileEntrySchema = z.strictObject({
  sha256: sha256.meta({ description: 'SHA-256 of the file, hex.' }),
  bytes: z
    .int()
    .min(0)
    .max(2 ** 31)
    .meta({ description: 'Length of the file in bytes.' }),
});

const variantSchema = z.strictObject({
  id: identifier.meta({ description: 'Name of the variant within the bundle, for example int8-640.' }),
  precision: z.enum(['fp32', 'fp16', 'int8']).meta({ description: 'Number format of the weights and activations.' }),
  file: path.meta({ description: 'ONNX file of this variant; must be listed in `files`.' }),
  width: z.int().positive().meta({ description: 'Width of the input in pixels; columns of a table.' }),
  height: z.int().positive().meta({ description: 'Height of the input in pixels; rows of a table.' }),
  inputs: z.array(tensorSpecSchema).min(1).meta({ description: 'Input tensors in the order of the graph.' }),
  outputs: z.array(tensorSpecSchema).min(1).meta({ description: 'Output tensors in the order of the graph.' }),
});

/** How pixels become values, for every kind that takes one image. */
const pictureFields = {
  input: text('Input tensor that receives the image.'),
  layout: z.enum(['nchw', 'nhwc']).meta({ description: 'Order of channels and pixels.' }),
  channels: z.enum(['gray', 'rgb', 'bgr']).meta({ description: 'Channels and their order.' }),
  padValue: z.int().min(0).max(255).meta({ description: 'Grey value of the padding, before scale and mean.' }),
  scale: z.number().positive().meta({ description: 'Factor applied to every value; 1 keeps 0..255.' }),
  mean: z.array(z.number()).max(3).meta({ description: 'Subtracted per channel after the scale; empty for none.' }),
  std: z
    .array(z.number().positive())
    .max(3)
    .meta({ description: 'Divided by per channel after the mean; empty for none.' }),
};

const preprocessSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('test-and-template')
      .meta({ description: 'Two grey planes: 0 the part under test, 1 its golden template.' }),
    input: text('Input tensor that receives the planes, uint8 [1, 2, height, width].'),
    luma: z.literal('bt601').meta({ description: 'How colour pixels become grey.' }),
  }),
  z.strictObject({
    kind: z
      .literal('letterbox')
      .meta({ description: 'One image, scaled to fit with its sides kept, padded to the input size.' }),
    ...pictureFields,
    align: z
      .enum(['centre', 'top-left'])
      .optional()
      .meta({ description: 'Where the image lies between its padding; centre when left out.' }),
    fit: z.enum(['contain', 'stretch']).optional().meta({
      description: 'contain keeps the sides, stretch fills the input; contain when left out.',
    }),
  }),
  z.strictObject({
    kind: z
      .literal('person-crop')
      .meta({ description: 'The part of an image around one person, widened to the sides of the input.' }),
    ...pictureFields,
    margin: z
      .number()
      .min(1)
      .max(3)
      .meta({ description: 'Side of the crop over side of the box, before it is widened; 1.25 is usual.' }),
  }),
  z.strictObject({
    kind: z
      .literal('window-features')
      .meta({ description: 'Figures of windows of measured values: one row a window, one column a feature.' }),
    input: text('Input tensor that receives the rows, float32 [height, width].'),
    columns: z
      .array(
        z.strictObject({
          name: text('Name of the feature.'),
          low: z.number().meta({ description: 'Least value of the training windows.' }),
          high: z.number().meta({ description: 'Greatest value of the training windows.' }),
        }),
      )
      .min(1)
      .max(1024)
      .meta({ description: 'The columns in their order; a station refuses rows outside of what the training saw.' }),
  }),
]);

const thresholdSchema = z.strictObject({
  label: text('Label the threshold belongs to.'),
  threshold: z.number().min(0).max(1).meta({ description: 'A detection counts from this score on.' }),
  provenance: text('Data and rule that gave the value.'),
});

const goldenTensorSchema = z.strictObject({
  file: path.meta({ description: 'File with the values, little-endian, row-major; must be listed in `files`.' }),
  encoding: z.enum(['raw', 'gzip']).meta({ description: 'raw: the values as they are; gzip: compressed.' }),
});

const goldenVectorSchema = z.strictObject({
  name: identifier.meta({ description: 'Name of the vector, shown when it fails.' }),
  variant: identifier.meta({ description: 'Variant that the outputs belong to.' }),
  inputs: z.record(z.string(), goldenTensorSchema).meta({ description: 'Input values by tensor name.' }),
  outputs: z.record(z.string(), goldenTensorSchema).meta({ description: 'Expected values by tensor name.' }),
  tolerance: z.record(z.string(), toleranceSchema).meta({ description: 'Tolerance by output tensor.' }),
});

/** bundle.json, format `edge-bundle/1`. */
export const bundleManifestSchema = z
  .strictObject({
    format: z.literal('edge-bundle/1').meta({ description: 'Format and its version.' }),
    name: identifier.meta({ description: 'Name of the bundle; all versions share it.' }),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/, 'must be a semantic version')
      .meta({ description: 'Version for people.' }),
    revision: z.int().positive().meta({ description: 'Rises with every packing; a station refuses to go back.' }),
    task: identifier.meta({ description: 'What the model does, for example object-detection.' }),
    labels: z.array(z.string().min(1)).min(1).meta({ description: 'Class names in the order of the score channels.' }),
    keypoints: z.array(z.string().min(1)).min(1).max(133).optional().meta({
      description: 'Names of the points of a body in the order of the keypoint channels, for models that give them.',
    }),
    licence: z
      .strictObject({
        spdx: text('SPDX identifier, or LicenseRef-...'),
        note: text('Limits that come from the data or the method.'),
      })
      .meta({ description: 'Terms of use of the weights.' }),
    use: z.literal('research').optional().meta({
      description:
        'Must be "research" when an input is research-only or of unknown licence; a station in production refuses it.',
    }),
    lineage: z
      .strictObject({
        data: z.array(z.string()).min(1).meta({ description: 'Data the model was trained and chosen on.' }),
        inputs: z.array(lineageInputSchema).min(1).optional().meta({
          description: 'Licence of everything that went into the weights. A bundle without it counts as research.',
        }),
        command: text('Command that trained it.'),
        seed: z.int().meta({ description: 'Seed of that command.' }),
        wrapped: z
          .strictObject({
            file: text('Name of the file that was wrapped.'),
            sha256: sha256.meta({ description: 'SHA-256 of that file, hex; the variant holds it unchanged.' }),
            source: text('Where it comes from, with its version.'),
          })
          .optional()
          .meta({ description: 'For a model that was made elsewhere: the file as it was taken over.' }),
      })
      .meta({ description: 'Where the weights come from.' }),
    files: z
      .record(path, fileEntrySchema)
      .meta({ description: 'Every file of the folder except bundle.json and its signature.' }),
    variants: z.array(variantSchema).min(1).meta({ description: 'The same model in several precisions or sizes.' }),
    preprocess: preprocessSchema.meta({ description: 'How pixels become the input.' }),
    postprocess: postprocessSchema.meta({ description: 'How outputs become detections.' }),
    thresholds: z.array(thresholdSchema).meta({ description: 'One verdict threshold for every label.' }),
    goldenVectors: z
      .array(goldenVectorSchema)
      .meta({ description: 'Inputs with their expected outputs, run before the first frame.' }),
    expectedLatencyMs: z
      .record(
        z.string(),
        z.strictObject({
          p50: z.number().positive().meta({ description: 'Median of the run, ms.' }),
          machine: text('Where it was measured.'),
        }),
      )
      .meta({ description: 'Run time to expect, by variant; a station warns when it is far off.' }),
    agreement: z.array(agreementSchema).optional().meta({
      description:
        'How far PyTorch, the ONNX files and the station were apart on the golden vectors when it was packed.',
    }),
    card: path.meta({ description: 'Model card, Markdown; must be listed in `files`.' }),
    cardTemplate: path.optional().meta({
      description: 'Template from which the card was filled and can be filled again; must be listed in `files`.',
    }),
    validationScores: path.optional().meta({
      description:
        'Scores on labelled pictures that were held out, for the cost of moving a threshold; must be listed in `files`.',
    }),
    driftReference: path.optional().meta({
      description: 'What pictures and answers looked like at the release, for drift; must be listed in `files`.',
    }),
    metrics: z
      .record(z.string(), z.json())
      .meta({ description: 'Figures of the model as the training measured them.' }),
  })
  .meta({ title: 'Model bundle manifest', description: 'bundle.json of a signed model bundle.' });

export type BundleManifest = z.infer<typeof bundleManifestSchema>;
export type BundleVariant = BundleManifest['variants'][number];
export type GoldenVectorEntry = BundleManifest['goldenVectors'][number];
export type GoldenTolerance = GoldenVectorEntry['tolerance'][string];

/** JSON Schema of bundle.json for editors and other languages; docs/reference/bundle.schema.json holds it. */
export function bundleJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(bundleManifestSchema, { io: 'input' }), null, 2)}\n`;
}

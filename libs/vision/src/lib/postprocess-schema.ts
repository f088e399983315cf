import { z } from 'zod';

const scoreFloor = z.number().gt(0).lt(1).describe('Candidates below this score are never looked at');
const topK = z.int().min(1).max(10_000).default(300).describe('Best candidates that reach suppression');
const nmsIou = z.number().gt(0).lt(1).describe('A box that overlaps a better one of its class by more is dropped');
const output = z.string().min(1).optional().describe('Name of the output; the only one when left out');

/** How the outputs of a model become detections: the `postprocess` part of a bundle. */
export const postprocessSchema = z.discriminatedUnion('decoder', [
  z.strictObject({
    decoder: z.literal('centre-ltrb'),
    stride: z.int().min(1).max(128),
    scoreFloor,
    topK,
    nmsIou,
    scores: z.string().min(1).default('scores'),
    boxes: z.string().min(1).default('boxes'),
  }),
  z.strictObject({ decoder: z.literal('yolo-v8'), scoreFloor, topK, nmsIou, output }),
  z.strictObject({ decoder: z.literal('nms-free'), scoreFloor, topK, output }),
  z.strictObject({
    decoder: z.literal('yolox'),
    scoreFloor,
    topK,
    nmsIou,
    output,
    strides: z.array(z.int().min(1).max(128)).min(1).default([8, 16, 32]),
    gridInGraph: z.boolean().default(false).describe('The export already applied grid and stride'),
  }),
  z.strictObject({
    decoder: z.literal('yolo-v8-pose'),
    scoreFloor,
    topK,
    nmsIou,
    output,
    transposed: z.boolean().default(false).describe('The output is [1, N, values] instead of [1, values, N]'),
  }),
  z.strictObject({
    decoder: z.literal('picodet'),
    scoreFloor,
    topK,
    nmsIou,
    boxes: z.string().min(1).default('boxes'),
    scores: z.string().min(1).default('scores'),
  }),
  z.strictObject({ decoder: z.literal('fastestdet'), scoreFloor, topK, nmsIou, output }),
  z.strictObject({
    decoder: z.literal('top-down-heatmap'),
    scoreFloor: scoreFloor.describe('Crops whose mean heat is below give no detection'),
    output,
  }),
  z.strictObject({
    decoder: z.literal('centre-pose'),
    stride: z.int().min(1).max(128).default(4).describe('Pixels of the input per cell of the maps'),
    scoreFloor,
    topK,
    nmsIou: nmsIou.default(0.7),
    searchShare: z
      .number()
      .gt(0)
      .max(1)
      .default(0.12)
      .describe('A keypoint moves to a peak of its heat map within this share of the box diagonal'),
    peakFloor: z.number().gt(0).lt(1).default(0.15).describe('Peaks of a keypoint below this heat do not count'),
    centre: z.string().min(1).default('centre'),
    boxes: z.string().min(1).default('box'),
    offsets: z.string().min(1).default('offset'),
    heat: z.string().min(1).default('heat'),
  }),
  z.strictObject({
    decoder: z.literal('anomaly-map'),
    stride: z.int().min(1).max(128).describe('Pixels of the input per cell of the map'),
    scoreFloor,
    pixelThreshold: z.number().gt(0).lt(1).describe('Cells from this value on are drawn as part of a region'),
    minCells: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .describe('Smaller regions are not drawn; the verdict is unaffected'),
    topK: z.int().min(1).max(10_000).default(32).describe('Regions kept, the strongest first'),
    map: z.string().min(1).default('anomaly_map').describe('Output [1, 1, height / stride, width / stride], 0 to 1'),
    score: z.string().min(1).default('score').describe('Output [1], score of the whole picture, 0 to 1'),
  }),
  z.strictObject({
    decoder: z.literal('probabilities'),
    scoreFloor,
    output: z.string().min(1).default('probability').describe('Output [rows, labels], each 0 to 1; there are no boxes'),
  }),
]);

export type Postprocess = z.infer<typeof postprocessSchema>;

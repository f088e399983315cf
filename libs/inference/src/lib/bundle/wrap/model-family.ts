import type { TensorSpec } from '@edge-blueprints/contracts';
import type { ModelFacts } from './model-facts.js';

/** Kinds of people models that can be told from their outputs. */
export const modelFamilies = [
  'yolox',
  'yolo-v8',
  'yolo-v8-pose',
  'nms-free',
  'nms-free-pose',
  'picodet',
  'fastestdet',
  'top-down-heatmap',
] as const;
export type ModelFamily = (typeof modelFamilies)[number];

/** A family with what the sizes of the outputs then mean. */
export interface FamilyReading {
  readonly family: ModelFamily;
  /** Score channels; undefined where the outputs do not tell. */
  readonly classes: number | undefined;
  readonly keypoints: number;
  /** Only yolo-v8-pose: positions come first. */
  readonly transposed: boolean;
  /** What spoke for it. */
  readonly because: string;
}

export interface Recognition {
  /** Every reading that the sizes allow, the likeliest first. */
  readonly readings: readonly FamilyReading[];
  /** Why this model must not become a bundle at all. */
  readonly refusal: string | undefined;
}

interface Picture {
  readonly width: number;
  readonly height: number;
}

const shown = (outputs: readonly TensorSpec[]): string =>
  outputs.map(({ name, dims }) => `${name} [${dims.join(', ')}]`).join(', ');

/** Tells a model by its outputs, with all sizes known, and by what its exporter left in the file. */
export function recogniseModel(
  { metadata }: Pick<ModelFacts, 'metadata'>,
  picture: Picture,
  outputs: readonly TensorSpec[],
): Recognition {
  const refusal = refusalOf(outputs);
  if (refusal !== undefined) return { readings: [], refusal };
  const readings = readingsOf(picture, outputs).filter(({ family }) => fitsTask(family, metadata['task']));
  if (readings.length > 0) return { readings, refusal: undefined };
  const task = metadata['task'] === undefined ? '' : `, its file says task "${metadata['task']}"`;
  return {
    readings: [],
    refusal: `its outputs ${shown(outputs)} for a ${picture.width}x${picture.height} picture are those of no family that is known (${modelFamilies.join(', ')})${task}`,
  };
}

function refusalOf(outputs: readonly TensorSpec[]): string | undefined {
  const [first, second] = outputs;
  if (outputs.length === 1 && first?.dims.length === 2 && (first.dims[1] ?? 0) >= 64)
    return `its output ${shown(outputs)} is one vector a picture: an appearance vector or a classifier. Appearance vectors recognise a person again, which nothing here may do; no setting allows it`;
  const pair = [first, second].map((each) => each?.dims ?? []);
  const boxes = pair.find((dims) => dims.length === 3 && dims[2] === 4);
  const scores = pair.find((dims) => dims !== boxes && dims.length === 3 && dims[1] === boxes?.[1] && dims[2] === 2);
  if (outputs.length <= 3 && boxes !== undefined && scores !== undefined)
    return `its outputs ${shown(outputs)} are those of a face detector (boxes with the two scores background and face). Faces are neither looked for nor needed here; give a detector of whole people`;
  return undefined;
}

function readingsOf(picture: Picture, outputs: readonly TensorSpec[]): readonly FamilyReading[] {
  const [first, second] = outputs;
  const plain = { classes: undefined, keypoints: 0, transposed: false };
  if (first === undefined) return [];
  if (second !== undefined) {
    const boxes = outputs.find(({ dims }) => dims.length === 3 && dims[2] === 4);
    const scores = outputs.find(({ dims }) => dims.length === 3 && dims[2] === boxes?.dims[1]);
    if (outputs.length !== 2 || boxes === undefined || scores === undefined) return [];
    const because = `boxes [1, N, 4] and scores [1, C, N] with N = ${boxes.dims[1]}`;
    return [{ ...plain, family: 'picodet', classes: scores.dims[1], because }];
  }
  const { dims } = first;
  if (dims.length === 4) return mapReadings(picture, dims);
  if (dims.length !== 3) return [];
  const [, rows = 0, columns = 0] = dims;
  const cells = gridCells(picture, [8, 16, 32]);
  const found: FamilyReading[] = [];
  if (rows === cells) {
    const because = `${cells} positions of strides 8, 16 and 32`;
    if (columns === 56) found.push({ ...poseReading(columns, `${because}, 56 = 4 + 1 + 3 x 17`), transposed: true });
    if (columns > 5) found.push({ ...plain, family: 'yolox', classes: columns - 5, because });
  }
  if (columns === cells) {
    const because = `${cells} positions of strides 8, 16 and 32 in the last place`;
    if (rows === 56) found.push(poseReading(rows, `${because}, 56 = 4 + 1 + 3 x 17`));
    if (rows > 4) found.push({ ...plain, family: 'yolo-v8', classes: rows - 4, because });
    if (rows !== 56 && rows > 5 && (rows - 5) % 3 === 0) found.push(poseReading(rows, because));
  }
  if (rows <= 1000 && rows !== cells && columns !== cells && columns >= 6 && (columns - 6) % 3 === 0) {
    const keypoints = (columns - 6) / 3;
    const family = keypoints === 0 ? 'nms-free' : 'nms-free-pose';
    found.push({ ...plain, family, keypoints, because: `${rows} rows of box, score and class` });
  }
  return found;
}

function poseReading(values: number, because: string): FamilyReading {
  return { family: 'yolo-v8-pose', classes: 1, keypoints: (values - 5) / 3, transposed: false, because };
}

/** Maps a quarter as fine as the picture are heat of keypoints, a sixteenth is FastestDet. */
function mapReadings(picture: Picture, dims: readonly number[]): readonly FamilyReading[] {
  const [, channels = 0, rows = 0, columns = 0] = dims;
  const stride = picture.width / columns;
  if (stride !== picture.height / rows) return [];
  const because = `${channels} planes with ${stride} pixels a cell`;
  if (stride === 4)
    return [{ family: 'top-down-heatmap', classes: 1, keypoints: channels, transposed: false, because }];
  if (stride === 16 && channels > 5)
    return [{ family: 'fastestdet', classes: channels - 5, keypoints: 0, transposed: false, because }];
  return [];
}

function gridCells({ width, height }: Picture, strides: readonly number[]): number {
  return strides.reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0);
}

/** Exporters of the YOLO line write the task into the file. */
function fitsTask(family: ModelFamily, task: string | undefined): boolean {
  const pose = family === 'yolo-v8-pose' || family === 'nms-free-pose' || family === 'top-down-heatmap';
  if (task === undefined) return true;
  return task === 'pose' ? pose : task === 'detect' && !pose;
}

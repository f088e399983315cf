import type { Postprocess } from '@edge-blueprints/vision';
import type { BundleManifest } from '../manifest.js';
import type { FamilyReading, ModelFamily } from './model-family.js';
import type { WrapSettings } from './wrap-settings.js';

/** How the published code of a family prepares a picture; settings overrule each. */
export interface PictureHabit {
  readonly channels: 'rgb' | 'bgr';
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly padValue: number;
  readonly align?: 'centre' | 'top-left';
  readonly fit?: 'contain' | 'stretch';
  readonly nmsIou: number;
}

/** Means and deviations of ImageNet, red, green, blue. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const toOne = 1 / 255;
const ultralytics = { channels: 'rgb', scale: toOne, mean: [], std: [], padValue: 114, nmsIou: 0.7 } as const;

export const pictureHabits: Readonly<Record<ModelFamily, PictureHabit>> = {
  yolox: { channels: 'bgr', scale: 1, mean: [], std: [], padValue: 114, align: 'top-left', nmsIou: 0.65 },
  'yolo-v8': ultralytics,
  'yolo-v8-pose': ultralytics,
  'nms-free': ultralytics,
  'nms-free-pose': ultralytics,
  picodet: { channels: 'rgb', scale: toOne, ...imagenet, padValue: 114, fit: 'stretch', nmsIou: 0.6 },
  fastestdet: { channels: 'bgr', scale: toOne, mean: [], std: [], padValue: 114, fit: 'stretch', nmsIou: 0.45 },
  'top-down-heatmap': { channels: 'rgb', scale: toOne, ...imagenet, padValue: 0, nmsIou: 0.5 },
};

/** Side of the crop over side of the box that published top-down models are trained with. */
const usualMargin = 1.25;

export function preprocessOf(
  family: ModelFamily,
  input: { readonly name: string; readonly dtype: string; readonly layout: 'nchw' | 'nhwc'; readonly depth: number },
  settings: WrapSettings,
): BundleManifest['preprocess'] {
  const habit = pictureHabits[family];
  const bytes = input.dtype === 'uint8';
  const picture = {
    input: input.name,
    layout: input.layout,
    channels: input.depth === 1 ? ('gray' as const) : (settings.channels ?? habit.channels),
    padValue: settings.padValue ?? habit.padValue,
    // A graph that takes bytes normalises them itself.
    scale: settings.scale ?? (bytes ? 1 : habit.scale),
    mean: settings.mean ?? (bytes ? [] : [...habit.mean]),
    std: settings.std ?? (bytes ? [] : [...habit.std]),
  };
  if (family === 'top-down-heatmap') return { kind: 'person-crop', ...picture, margin: settings.margin ?? usualMargin };
  const align = settings.align ?? habit.align;
  const fit = settings.fit ?? habit.fit;
  return {
    kind: 'letterbox',
    ...picture,
    ...(align === undefined ? {} : { align }),
    ...(fit === undefined ? {} : { fit }),
  };
}

export function postprocessOf(
  reading: FamilyReading,
  outputs: readonly { readonly name: string; readonly dims: readonly number[] }[],
  settings: WrapSettings,
  gridInGraph: boolean,
): Postprocess {
  const { family } = reading;
  const scoreFloor = settings.scoreFloor ?? 0.01;
  const nmsIou = settings.nmsIou ?? pictureHabits[family].nmsIou;
  const topK = 1000;
  const output = outputs[0]?.name ?? '';
  switch (family) {
    case 'yolox':
      return { decoder: 'yolox', scoreFloor, topK, nmsIou, output, strides: [8, 16, 32], gridInGraph };
    case 'yolo-v8':
      return { decoder: 'yolo-v8', scoreFloor, topK, nmsIou, output };
    case 'yolo-v8-pose':
      return { decoder: 'yolo-v8-pose', scoreFloor, topK, nmsIou, output, transposed: reading.transposed };
    case 'nms-free':
    case 'nms-free-pose':
      return { decoder: 'nms-free', scoreFloor, topK, output };
    case 'picodet': {
      const boxes = outputs.find(({ dims }) => dims[2] === 4)?.name ?? '';
      const scores = outputs.find(({ name }) => name !== boxes)?.name ?? '';
      return { decoder: 'picodet', scoreFloor, topK, nmsIou, boxes, scores };
    }
    case 'fastestdet':
      return { decoder: 'fastestdet', scoreFloor, topK, nmsIou, output };
    case 'top-down-heatmap':
      return { decoder: 'top-down-heatmap', scoreFloor, output };
  }
}

export function taskOf(family: ModelFamily): string {
  if (family === 'top-down-heatmap') return 'keypoints-top-down';
  return family === 'yolo-v8-pose' || family === 'nms-free-pose' ? 'person-pose' : 'person-detection';
}

import { describe, expect, it } from 'vitest';
import { recogniseModel } from './model-family.js';

const square = (side: number) => ({ width: side, height: side });
const one = (...dims: readonly number[]) => [{ name: 'output0', dtype: 'float32', dims }];
const pair = (boxes: readonly number[], scores: readonly number[]) => [
  { name: 'a', dtype: 'float32', dims: boxes },
  { name: 'b', dtype: 'float32', dims: scores },
];
const familyOf = (side: number, outputs: ReturnType<typeof one>, metadata = {}) =>
  recogniseModel({ metadata }, square(side), outputs).readings.map(({ family, classes, keypoints, transposed }) => ({
    ...{ family, classes, keypoints },
    ...(transposed ? { transposed } : {}),
  }));

describe('telling a model by its outputs', () => {
  it.each([
    ['YOLOX-Nano 416', 416, one(1, 3549, 85), 'yolox', 80, 0],
    ['YOLOX of one class', 640, one(1, 8400, 6), 'yolox', 1, 0],
    ['YOLOv8n and YOLO11n 640', 640, one(1, 84, 8400), 'yolo-v8', 80, 0],
    ['YOLOv8 of one class', 640, one(1, 5, 8400), 'yolo-v8', 1, 0],
    ['YOLOv8n-pose 640', 640, one(1, 56, 8400), 'yolo-v8-pose', 1, 17],
    ['YOLOv10n 640', 640, one(1, 300, 6), 'nms-free', undefined, 0],
    ['YOLO26n-pose 640', 640, one(1, 300, 57), 'nms-free-pose', undefined, 17],
    ['PicoDet-S pedestrian 320', 320, pair([1, 2125, 4], [1, 1, 2125]), 'picodet', 1, 0],
    ['PicoDet-S 320, scores first', 320, pair([1, 80, 2125], [1, 2125, 4]), 'picodet', 80, 0],
    ['FastestDet 352', 352, one(1, 85, 22, 22), 'fastestdet', 80, 0],
    ['a heat map of 17 keypoints', 256, one(1, 17, 64, 64), 'top-down-heatmap', 1, 17],
  ] as const)('knows %s', (_name, side, outputs, family, classes, keypoints) => {
    expect(familyOf(side, [...outputs])[0]).toEqual({ family, classes, keypoints });
  });

  it('keeps every reading of sizes that allow two, and lets the exporter decide', () => {
    const outputs = one(1, 56, 8400);
    expect(familyOf(640, outputs).map(({ family }) => family)).toEqual(['yolo-v8-pose', 'yolo-v8']);
    expect(familyOf(640, outputs, { task: 'pose' })).toEqual([{ family: 'yolo-v8-pose', classes: 1, keypoints: 17 }]);
    expect(familyOf(640, outputs, { task: 'detect' })).toEqual([{ family: 'yolo-v8', classes: 52, keypoints: 0 }]);
    expect(familyOf(640, one(1, 8400, 56))[0]).toMatchObject({ family: 'yolo-v8-pose', transposed: true });
  });

  it.each([
    ['appearance vectors', one(1, 512), /recognise a person again/],
    ['face detectors', pair([1, 4420, 2], [1, 4420, 4]), /face detector/],
    ['segmentation', [...one(1, 116, 8400), ...one(1, 32, 160, 160)], /no family that is known/],
    ['what nobody knows', one(1, 1000, 7, 3), /no family that is known/],
  ])('refuses %s', (_name, outputs, why) => {
    expect(recogniseModel({ metadata: {} }, square(640), outputs).refusal).toMatch(why);
  });

  it('refuses what the exporter calls segmentation or classification, whatever its sizes', () => {
    expect(recogniseModel({ metadata: { task: 'segment' } }, square(640), one(1, 84, 8400)).refusal).toMatch(
      /task "segment"/,
    );
  });
});

import type { Postprocess } from '@edge-blueprints/vision';

/** What the manifest says that fixes the sizes of the outputs. */
export interface OutputFacts {
  readonly labels: number;
  /** Body points; 0 for a model that gives none. */
  readonly keypoints: number;
  readonly width: number;
  readonly height: number;
}

export interface OutputNeed {
  /** Undefined: the only output. */
  readonly name: string | undefined;
  /** Sizes, -1 where any fits. */
  readonly dims: readonly number[];
}

/** The outputs that a decoder reads, with the sizes it will insist on at the first frame. */
export function neededOutputs(postprocess: Postprocess, facts: OutputFacts): readonly OutputNeed[] {
  const { labels, keypoints, width, height } = facts;
  switch (postprocess.decoder) {
    case 'anomaly-map': {
      const { stride, map, score } = postprocess;
      return [
        { name: map, dims: [1, 1, height / stride, width / stride] },
        { name: score, dims: [1] },
      ];
    }
    case 'centre-ltrb': {
      const { stride, boxes, scores } = postprocess;
      return [
        { name: scores, dims: [1, labels, height / stride, width / stride] },
        { name: boxes, dims: [1, 4, height / stride, width / stride] },
      ];
    }
    case 'centre-pose': {
      const { stride, centre, boxes, offsets, heat } = postprocess;
      const [rows, columns] = [height / stride, width / stride];
      return [
        { name: centre, dims: [1, 1, rows, columns] },
        { name: boxes, dims: [1, 4, rows, columns] },
        { name: offsets, dims: [1, 2 * keypoints, rows, columns] },
        { name: heat, dims: [1, keypoints, rows, columns] },
      ];
    }
    case 'yolo-v8-pose': {
      const values = 4 + labels + 3 * keypoints;
      return [{ name: postprocess.output, dims: postprocess.transposed ? [1, -1, values] : [1, values, -1] }];
    }
    case 'picodet':
      return [
        { name: postprocess.boxes, dims: [1, -1, 4] },
        { name: postprocess.scores, dims: [1, labels, -1] },
      ];
    case 'fastestdet':
      return [{ name: postprocess.output, dims: [1, 5 + labels, -1, -1] }];
    case 'top-down-heatmap':
      return [{ name: postprocess.output, dims: [1, keypoints, -1, -1] }];
    case 'yolo-v8':
      return [{ name: postprocess.output, dims: [1, 4 + labels, -1] }];
    case 'nms-free':
      return [{ name: postprocess.output, dims: [1, -1, 6 + 3 * keypoints] }];
    case 'yolox':
      return [{ name: postprocess.output, dims: [1, -1, 5 + labels] }];
    case 'probabilities':
      return [{ name: postprocess.output, dims: [height, labels] }];
  }
}

/** Whether a decoder gives body points, and so needs their names. */
export function keypointsOf({ decoder }: Postprocess): 'always' | 'sometimes' | 'never' {
  if (decoder === 'centre-pose' || decoder === 'yolo-v8-pose' || decoder === 'top-down-heatmap') return 'always';
  return decoder === 'nms-free' ? 'sometimes' : 'never';
}

/** Decoders of one class only. */
export function hasOneLabel({ decoder }: Postprocess): boolean {
  return decoder === 'anomaly-map' || decoder === 'centre-pose' || decoder === 'top-down-heatmap';
}

import { z } from 'zod';
import { bodyPoints, type Figure } from './figure.js';
import { projectFigure, type ProjectedFigure } from './project-figure.js';
import type { RoomRenderer } from './room-renderer.js';
import type { PinholeCamera } from './scene.js';

/** 0 outside the picture, 1 hidden by something or by the own body, 2 visible. */
const seen = z.union([z.literal(0), z.literal(1), z.literal(2)]);

const personLabelSchema = z.strictObject({
  /** Full extent of the person clipped to the picture: left, top, right, bottom, pixels. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** Share of the person's own pixels with nothing in front. */
  visible: z.number().min(0).max(1),
  keypoints: z.array(z.tuple([z.number(), z.number(), seen])).length(bodyPoints.length),
  kind: z.enum(['adult', 'child']),
  /** Too hidden or too small to be asked for. */
  ignore: z.boolean(),
});

/** One line of `labels.jsonl`. */
export const peopleLabelSchema = z.strictObject({
  image: z.string().regex(/^images\/\d{6}\.png$/),
  width: z.int().positive(),
  height: z.int().positive(),
  camera: z.strictObject({ heightM: z.number(), pitchDeg: z.number(), fovDeg: z.number() }),
  people: z.array(personLabelSchema),
});
export type PeopleLabel = z.infer<typeof peopleLabelSchema>;
export type PersonLabel = PeopleLabel['people'][number];

const leastVisible = 0.15;
const leastPx = 12;
const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Labels of the living figures of the renderer's last picture. */
export function labelPeople(renderer: RoomRenderer, figures: readonly Figure[]): PersonLabel[] {
  const sights = renderer.sights();
  const dressed = renderer.dressed();
  return figures.flatMap((figure, index) => {
    const [sight, dress] = [sights[index], dressed[index]];
    if (!figure.alive || !sight || !dress || sight.own === 0) return [];
    const projected = projectFigure(renderer.camera, figure, dress);
    if (!projected) return [];
    return [labelOne(renderer, figure, projected, { number: index + 1, visible: sight.visible / sight.own })];
  });
}

function labelOne(
  renderer: RoomRenderer,
  figure: Figure,
  { box, points }: ProjectedFigure,
  { number, visible }: { readonly number: number; readonly visible: number },
): PersonLabel {
  const { width, height } = renderer.camera;
  const clipped = clip(box, renderer.camera);
  const [x0, y0, x1, y1] = clipped;
  const keypoints = points.map(({ x, y, depthM }): [number, number, 0 | 1 | 2] => {
    if (depthM <= 0 || x < 0 || y < 0 || x >= width || y >= height) return [0, 0, 0];
    const front = renderer.probe(x, y);
    // A joint lies inside the body: its own flesh in front of it hides it only when it is thicker than a limb.
    const cover = depthM - front.depthM;
    const hidden = front.figure === number ? cover > 0.2 : cover > 0.1;
    return [tenth(x), tenth(y), hidden ? 1 : 2];
  });
  return {
    box: clipped,
    visible: Math.round(Math.min(visible, 1) * 1000) / 1000,
    keypoints,
    kind: figure.body.heightM < 1.4 ? 'child' : 'adult',
    ignore: visible < leastVisible || Math.max(x1 - x0, y1 - y0) < leastPx || Math.min(x1 - x0, y1 - y0) < 4,
  };
}

function clip(
  [x0, y0, x1, y1]: ProjectedFigure['box'],
  { width, height }: PinholeCamera,
): [number, number, number, number] {
  const within = (value: number, end: number): number => tenth(Math.min(Math.max(value, 0), end));
  return [within(x0, width), within(y0, height), within(x1, width), within(y1, height)];
}

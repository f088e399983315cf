import type { Box, Detection } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';

type Colour = readonly [red: number, green: number, blue: number];

/** Bones by the names of their ends; those whose names a model lacks are not drawn. */
const bones: readonly (readonly [string, string])[] = [
  ...(['left', 'right'] as const).flatMap((side) => [
    [`${side}_shoulder`, `${side}_elbow`] as const,
    [`${side}_elbow`, `${side}_wrist`] as const,
    [`${side}_shoulder`, `${side}_hip`] as const,
    [`${side}_hip`, `${side}_knee`] as const,
    [`${side}_knee`, `${side}_ankle`] as const,
    ['head', `${side}_shoulder`] as const,
    ['nose', `${side}_eye`] as const,
    [`${side}_eye`, `${side}_ear`] as const,
    ['nose', `${side}_shoulder`] as const,
  ]),
  ['left_shoulder', 'right_shoulder'],
  ['left_hip', 'right_hip'],
];

const boxColour: Colour = [255, 170, 0];
const leftColour: Colour = [0, 200, 255];
const rightColour: Colour = [255, 60, 120];
const middleColour: Colour = [90, 255, 90];

/** Below this a keypoint is not drawn. */
const leastTrust = 0.2;

/** A copy of the picture with a box around everybody and, where there are keypoints, their skeletons. rgb24 only. */
export function drawPeople(
  { width, height, format, pixels }: Picture,
  people: readonly Detection[],
  keypointNames: readonly string[],
): Picture {
  const out = pixels.slice();
  const thick = Math.max(1, Math.round(height / 400));
  const dot = (x: number, y: number, size: number, colour: Colour): void => {
    for (let dy = -size; dy <= size; dy += 1)
      for (let dx = -size; dx <= size; dx += 1) {
        const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
        if (px >= 0 && py >= 0 && px < width && py < height) out.set(colour, (py * width + px) * 3);
      }
  };
  const line = (x0: number, y0: number, x1: number, y1: number, size: number, colour: Colour): void => {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; i += 1) dot(x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps, size, colour);
  };
  const outline = ({ xMin, yMin, xMax, yMax }: Box): void => {
    line(xMin, yMin, xMax, yMin, thick - 1, boxColour);
    line(xMin, yMax, xMax, yMax, thick - 1, boxColour);
    line(xMin, yMin, xMin, yMax, thick - 1, boxColour);
    line(xMax, yMin, xMax, yMax, thick - 1, boxColour);
  };
  for (const { box, keypoints = [] } of people) {
    outline(box);
    const point = (name: string) => {
      const found = keypoints[keypointNames.indexOf(name)];
      return found !== undefined && found.score >= leastTrust ? found : undefined;
    };
    for (const [from, to] of bones) {
      const [a, b] = [point(from), point(to)];
      if (a !== undefined && b !== undefined) line(a.x, a.y, b.x, b.y, thick - 1, sideOf(from, to));
    }
    for (const { x, y, score } of keypoints) if (score >= leastTrust) dot(x, y, thick, [255, 255, 255]);
  }
  return { width, height, format, pixels: out };
}

/** Left and right are the person's own, so that a skeleton that is turned round is seen. */
function sideOf(from: string, to: string): Colour {
  const left = from.startsWith('left') || to.startsWith('left');
  const right = from.startsWith('right') || to.startsWith('right');
  if (left === right) return middleColour;
  return left ? leftColour : rightColour;
}

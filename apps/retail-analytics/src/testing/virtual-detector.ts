import type { Detection, FloorPoint, Keypoint, Random, StorePlan } from '@edge-blueprints/contracts';
import type { Figure, PinholeCamera } from '@edge-blueprints/rigs';

/** Names of the points that it gives, in this order. */
export const virtualPoints = [
  'head',
  'left_shoulder',
  'right_shoulder',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
];
/** Share of the stature, and half of the width, metres, of head, shoulders, hips, knees, ankles. */
const heights = [0.93, 0.82, 0.82, 0.52, 0.52, 0.28, 0.28, 0.05, 0.05];
const sides = [0, 0.18, -0.18, 0.1, -0.1, 0.09, -0.09, 0.09, -0.09];

type Place = readonly [x: number, y: number, z: number];

/**
 * What a good model would find of these people: no picture is drawn. Shelves and nearer people hide, points and boxes shake
 * by a share of the size, some people are missed, and hidden points have a low score.
 */
export function createVirtualDetector(
  camera: PinholeCamera,
  plan: StorePlan,
  random: Random,
  errors: { readonly missed: number; readonly shake: number },
): (figures: readonly Figure[]) => readonly Detection[] {
  const blocks = plan.fixtures
    .filter(({ kind }) => kind !== 'door')
    .map(({ polygon, heightM }) => ({
      low: [Math.min(...polygon.map((p) => p[0])), Math.min(...polygon.map((p) => p[1])), 0],
      high: [Math.max(...polygon.map((p) => p[0])), Math.max(...polygon.map((p) => p[1])), heightM],
    }));
  const eye: Place = [camera.xM, camera.yM, camera.heightM];
  const rad = Math.PI / 180;
  const [yaw, pitch] = [camera.yawDeg * rad, camera.pitchDeg * rad];
  const focal = camera.width / 2 / Math.tan((camera.horizontalFovDeg * rad) / 2);
  const see = ([x, y, z]: Place): readonly [x: number, y: number, depth: number] => {
    const [dx, dy, dz] = [x - eye[0], y - eye[1], z - eye[2]];
    const ahead = dx * Math.cos(yaw) + dy * Math.sin(yaw);
    const depth = ahead * Math.cos(pitch) - dz * Math.sin(pitch);
    const right = dx * Math.sin(yaw) - dy * Math.cos(yaw);
    const down = -ahead * Math.sin(pitch) - dz * Math.cos(pitch);
    return [camera.width / 2 + (focal * right) / depth, camera.height / 2 + (focal * down) / depth, depth];
  };
  /** Whether a shelf stands between the lens and this point. */
  const isHidden = (point: Place): boolean =>
    blocks.some(({ low, high }) => {
      let [enter, leave] = [0, 0.97];
      for (const axis of [0, 1, 2] as const) {
        const [from, way] = [eye[axis], point[axis] - eye[axis]];
        const a = ((low[axis] ?? 0) - from) / (way || 1e-9);
        const b = ((high[axis] ?? 0) - from) / (way || 1e-9);
        enter = Math.max(enter, Math.min(a, b));
        leave = Math.min(leave, Math.max(a, b));
      }
      return enter < leave;
    });
  const isInPicture = ([x, y]: readonly [number, number, number]): boolean =>
    x >= 0 && y >= 0 && x < camera.width && y < camera.height;

  const look = ({ xM, yM, headingRad, body }: Figure) => {
    const across: FloorPoint = [-Math.sin(headingRad), Math.cos(headingRad)];
    const points = heights.map((share, i): Place => {
      const aside = sides[i] ?? 0;
      return [xM + across[0] * aside, yM + across[1] * aside, share * body.heightM];
    });
    const pixels = points.map(see);
    if (pixels.some(([, , depth]) => depth < 0.2) || pixels.filter(isInPicture).length < 3) return [];
    const outline = [
      ...pixels,
      see([xM, yM, body.heightM]),
      ...[0, 1, 2, 3].map((k) => see([xM + 0.12 * Math.cos(k * 1.57), yM + 0.12 * Math.sin(k * 1.57), 0])),
    ];
    const [xs, ys] = [outline.map((p) => p[0]), outline.map((p) => p[1])];
    const box = {
      xMin: Math.max(0, Math.min(...xs) - 3),
      yMin: Math.max(0, Math.min(...ys)),
      xMax: Math.min(camera.width, Math.max(...xs) + 3),
      yMax: Math.min(camera.height, Math.max(...ys)),
    };
    const seen = pixels.map((pixel, i) => isInPicture(pixel) && !isHidden(points[i] ?? eye));
    return [{ pixels, box, seen, depth: pixels[0]?.[2] ?? 0 }];
  };

  return (figures) => {
    const all = figures.filter(({ alive }) => alive).flatMap(look);
    all.sort((a, b) => a.depth - b.depth);
    const found = all.flatMap(({ pixels, box, seen, depth }): Detection[] => {
      const nearer = all.filter((other) => other.depth < depth - 0.1).map((other) => other.box);
      const isFree = pixels.map(
        ([x, y], i) =>
          seen[i] === true && !nearer.some((b) => x > b.xMin + 3 && x < b.xMax - 3 && y > b.yMin && y < b.yMax),
      );
      const visible = isFree.filter(Boolean).length / isFree.length;
      if (visible < 0.2 || random.next() < (visible < 0.4 ? 0.4 : errors.missed)) return [];
      const sigma = errors.shake * Math.hypot(box.xMax - box.xMin, box.yMax - box.yMin);
      const shaken = (value: number): number => value + random.normal() * sigma;
      return [
        {
          label: 'person',
          classIndex: 0,
          score: 0.5 + 0.4 * visible,
          box: { xMin: shaken(box.xMin), yMin: shaken(box.yMin), xMax: shaken(box.xMax), yMax: shaken(box.yMax) },
          keypoints: pixels.map(([x, y], i): Keypoint => ({
            x: shaken(x),
            y: shaken(y),
            score: isFree[i] ? 0.8 : 0.1,
          })),
        },
      ];
    });
    return found.sort((a, b) => b.score - a.score);
  };
}

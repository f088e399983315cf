import type { PinholeCamera } from './scene/scene.js';

export const storeCameraNames = ['entrance', 'aisles', 'tills'] as const;
export type StoreCameraName = (typeof storeCameraNames)[number];

/** How a camera is mounted decides how its people are brought to the floor. */
export const storeCameraMounts = {
  entrance: 'overhead',
  aisles: 'oblique',
  tills: 'oblique',
} as const satisfies Record<StoreCameraName, 'overhead' | 'oblique'>;

const mounted = {
  // The long side of the picture lies along the way in: almost 4 m of it are seen at the height of heads.
  entrance: { xM: 3, yM: 1.5, heightM: 3.2, yawDeg: 0, pitchDeg: 90, horizontalFovDeg: 105 },
  // High on the back wall, because from there one looks down the aisles; from a corner the gondolas would hide all feet.
  aisles: { xM: 4, yM: 9.35, heightM: 4.2, yawDeg: -90, pitchDeg: 47, horizontalFovDeg: 100 },
  // High on the right wall: queues stand side by side across the picture instead of behind one another.
  tills: { xM: 13.75, yM: 4.8, heightM: 3.9, yawDeg: 180, pitchDeg: 44, horizontalFovDeg: 95 },
} as const satisfies Record<StoreCameraName, unknown>;

/** The three cameras of the demo store for pictures of this size. */
export function storeCameras(width: number, height: number): Readonly<Record<StoreCameraName, PinholeCamera>> {
  const camera = (id: StoreCameraName): PinholeCamera => ({ id, ...mounted[id], rollDeg: 0, width, height });
  return { entrance: camera('entrance'), aisles: camera('aisles'), tills: camera('tills') };
}

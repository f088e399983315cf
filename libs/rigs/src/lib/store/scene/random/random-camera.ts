import type { Random } from '@edge-blueprints/contracts';
import type { PinholeCamera } from '../scene.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

interface Place {
  readonly widthM: number;
  readonly depthM: number;
}

const range = (random: Random, low: number, high: number): number => low + (high - low) * random.next();

/** Anything that hangs in shops: straight down to nearly level. `ceilingM` above is where it hangs at most. */
export function randomCamera(random: Random, room: Place, size: PictureSize): PinholeCamera {
  const overhead = random.next() < 0.42;
  const middle = { x: room.widthM / 2, y: room.depthM / 2 };
  const shared = { id: 'camera', rollDeg: 2.5 * random.normal(), ...size };
  if (overhead) {
    return {
      ...shared,
      xM: range(random, 0.15, 0.85) * room.widthM,
      yM: range(random, 0.15, 0.85) * room.depthM,
      heightM: range(random, 2.4, random.next() < 0.7 ? 4 : 6),
      yawDeg: range(random, 0, 360),
      pitchDeg: random.next() < 0.45 ? range(random, 82, 90) : range(random, 60, 90),
      horizontalFovDeg: range(random, 55, 110),
    };
  }
  const side = random.integer(0, 3);
  const along = range(random, 0.05, 0.95);
  const off = range(random, 0.1, 0.8);
  const xM = side === 0 ? off : side === 1 ? room.widthM - off : along * room.widthM;
  const yM = side === 2 ? off : side === 3 ? room.depthM - off : along * room.depthM;
  const yaw = (Math.atan2(middle.y - yM, middle.x - xM) * 180) / Math.PI;
  return {
    ...shared,
    xM,
    yM,
    heightM: range(random, 2, random.next() < 0.75 ? 3.6 : 5),
    yawDeg: yaw + 18 * random.normal(),
    pitchDeg: random.next() < 0.75 ? range(random, 15, 45) : range(random, 10, 60),
    horizontalFovDeg: range(random, 55, 105),
  };
}

/**
 * Mountings as in the demo's store, shaken: straight down over the doors at 3.2 m, and high on a wall or in a corner
 * (2.7 to 4.5 m), looking down the aisles or over the tills.
 */
export function storeCamera(random: Random, room: Place, size: PictureSize): PinholeCamera {
  const shared = { id: 'camera', rollDeg: 0.8 * random.normal(), ...size };
  if (random.next() < 0.42) {
    return {
      ...shared,
      xM: room.widthM * range(random, 0.15, 0.85),
      yM: range(random, 0.9, 2.6),
      heightM: range(random, 2.9, 3.6),
      yawDeg: random.integer(0, 3) * 90 + 3 * random.normal(),
      pitchDeg: range(random, 84, 90),
      horizontalFovDeg: range(random, 85, 108),
    };
  }
  const aim = { x: room.widthM * range(random, 0.35, 0.65), y: room.depthM * range(random, 0.35, 0.65) };
  const high = random.next() < 0.6;
  const [left, front] = [random.next() < 0.5, random.next() < 0.35];
  const near = 0.25 + 0.4 * random.next();
  const onSide = random.next() < 0.5;
  const along = random.next() < 0.3 ? 0.04 : range(random, 0.2, 0.8);
  const xM = onSide ? (left ? near : room.widthM - near) : along * room.widthM;
  const yM = onSide ? along * room.depthM : front ? near : room.depthM - near;
  return {
    ...shared,
    xM,
    yM,
    heightM: high ? range(random, 3.5, 4.5) : range(random, 2.7, 3.5),
    yawDeg: (Math.atan2(aim.y - yM, aim.x - xM) * 180) / Math.PI + 6 * random.normal(),
    pitchDeg: high ? range(random, 36, 54) : range(random, 18, 42),
    horizontalFovDeg: high ? range(random, 80, 104) : range(random, 62, 95),
  };
}

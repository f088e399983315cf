export type Tier = 'stable' | 'degrading' | 'failing';

/** Of a node, by its slowest camera. */
export function tierOf(slowestPerS: number, wanted: { readonly fps: number; readonly floor: number }): Tier {
  if (slowestPerS >= 0.95 * wanted.fps) return 'stable';
  return slowestPerS >= Math.min(wanted.floor, wanted.fps) ? 'degrading' : 'failing';
}

/** Left to decoding, the page, the machine itself and the crowd of a Saturday. */
const usableShare = 0.7;

/** Cameras that fit one node by the time that one picture costs it; whole ones. */
export function camerasThatFit(node: {
  readonly cores: number;
  readonly cpuMsPerPicture: number;
  readonly framesPerS: number;
}): number {
  return Math.floor((usableShare * node.cores * 1_000) / (node.framesPerS * node.cpuMsPerPicture));
}

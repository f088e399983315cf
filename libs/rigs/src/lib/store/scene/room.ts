import type { FloorPolygon } from '@edge-blueprints/contracts';
import type { Face } from './face.js';
import type { SceneLight } from './solid-shade.js';
import type { Solid } from './solid.js';

/** Everything of a picture that does not move. */
export interface Room {
  readonly widthM: number;
  readonly depthM: number;
  readonly faces: readonly Face[];
  /** Statues, clutter, abandoned trolleys: drawn once with the room. */
  readonly solids: readonly Solid[];
  readonly light: SceneLight;
  /** Where fixtures meet the floor, for the dark along their feet. */
  readonly footprints: readonly FloorPolygon[];
  /** Where the sun falls on the floor. */
  readonly sunPatches: readonly FloorPolygon[];
  readonly lamps: readonly { readonly xM: number; readonly yM: number }[];
}

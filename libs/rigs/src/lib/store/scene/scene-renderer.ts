import type { StorePlan } from '@edge-blueprints/contracts';
import { createRoomRenderer } from './room-renderer.js';
import type { PinholeCamera, SceneRenderer } from './scene.js';
import { plainDecor, storeRoom } from './store-room.js';

/** Pictures of one camera of a store. The same plan, camera and seed give the same bytes for the same figures. */
export function createSceneRenderer(plan: StorePlan, camera: PinholeCamera, seed: number): SceneRenderer {
  return createRoomRenderer(storeRoom(plan, plainDecor(seed)), camera, { samples: 1, seed });
}

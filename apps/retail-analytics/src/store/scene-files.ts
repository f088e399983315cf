import { join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SceneMemory } from '../perception/shift-watch.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

const sceneSchema = z.strictObject({
  format: z.literal('edge-camera-scene/1'),
  camera: z.string(),
  calibratedAt: z.iso.datetime(),
  /** 128 bytes, base64. */
  descriptor: z.base64(),
});
const descriptorBytes = 128;

/**
 * Scene descriptors in the state folder, one small file a camera. A file that cannot be read is as good as none: the camera
 * is then taken to look where it looks now.
 */
export function createSceneFiles(folder: string, log: Logger): SceneMemory {
  const fileOf = (camera: string): string => join(folder, `scene-${camera}.json`);
  return {
    read: (camera, calibratedAt) => {
      try {
        const scene = readJsonFile(fileOf(camera), sceneSchema);
        if (scene?.calibratedAt !== calibratedAt) return undefined;
        const bytes = Buffer.from(scene.descriptor, 'base64');
        return bytes.length === descriptorBytes ? new Uint8Array(bytes) : undefined;
      } catch (error) {
        log.warn('store.scene-unreadable', { camera, message: errorMessage(error) });
        return undefined;
      }
    },
    keep: (camera, calibratedAt, descriptor) => {
      const scene: z.input<typeof sceneSchema> = {
        format: 'edge-camera-scene/1',
        camera,
        calibratedAt,
        descriptor: Buffer.from(descriptor).toString('base64'),
      };
      try {
        writeJsonFile(fileOf(camera), scene);
      } catch (error) {
        log.warn('store.scene-not-kept', { camera, message: errorMessage(error) });
      }
    },
  };
}

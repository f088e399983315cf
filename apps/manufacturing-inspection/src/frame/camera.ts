import { createFolderCamera, createSocketCamera, folderCameraSchema, socketCameraSchema } from '@edge-blueprints/cameras';
import type { CameraSurroundings } from '@edge-blueprints/cameras';
import type { FrameSource } from '@edge-blueprints/contracts';
import { z } from 'zod';

export const cameraConfigSchema = z.discriminatedUnion('kind', [socketCameraSchema, folderCameraSchema]);
export function createCamera(config: z.infer<typeof cameraConfigSchema>, surroundings: CameraSurroundings): FrameSource {
  return config.kind === 'socket' ? createSocketCamera(config, surroundings) : createFolderCamera(config, surroundings);
}

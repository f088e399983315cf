import type { FrameSource } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { CameraSurroundings } from './camera-surroundings.js';
import { createRtspCamera, createUsbCamera, createVideoCamera } from './ffmpeg-camera.js';
import { rtspCameraSchema, usbCameraSchema, videoCameraSchema } from './ffmpeg-camera-schema.js';
import { createFolderCamera, folderCameraSchema } from './folder-camera.js';
import { createSocketCamera, socketCameraSchema } from './socket-camera.js';

/** The `camera` section of a station's configuration. */
export const cameraSchema = z.discriminatedUnion('kind', [
  socketCameraSchema,
  folderCameraSchema,
  videoCameraSchema,
  rtspCameraSchema,
  usbCameraSchema,
]);

export type CameraConfig = z.infer<typeof cameraSchema>;

/** The camera that the configuration names. Nothing is opened before its frames are iterated. */
export function createCamera(config: CameraConfig, surroundings: CameraSurroundings): FrameSource {
  switch (config.kind) {
    case 'socket':
      return createSocketCamera(config, surroundings);
    case 'folder':
      return createFolderCamera(config, surroundings);
    case 'video':
      return createVideoCamera(config, surroundings);
    case 'rtsp':
      return createRtspCamera(config, surroundings);
    case 'usb':
      return createUsbCamera(config, surroundings);
  }
}

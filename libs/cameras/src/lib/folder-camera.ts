import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError, DeviceError, errorMessage, type Frame, type FrameSource } from '@edge-blueprints/contracts';
import type { Picture } from '@edge-blueprints/vision';
import { z } from 'zod';
import type { CameraSurroundings } from './camera-surroundings.js';
import { createFedSource, type FrameFeed } from './frame-feed.js';
import { decodeImage } from './image-codec.js';
import { listPictures, type FolderPicture } from './picture-folder.js';

export const folderCameraSchema = z.strictObject({
  kind: z.literal('folder'),
  id: z.string().min(1).default('camera'),
  folder: z.string().min(1),
  format: z.enum(['gray8', 'rgb24']).default('gray8'),
  loop: z.boolean().default(false),
  rateHz: z
    .number()
    .gt(0)
    .max(1000)
    .optional()
    .describe('Pictures a second, newest wins; without it the next picture waits until it is asked for'),
  width: z.int().min(1).optional().describe('Pictures of another width count as corrupt'),
  height: z.int().min(1).optional().describe('Pictures of another height count as corrupt'),
  productId: z.string().min(1).optional().describe('Product of plain pictures; a pair is its own product'),
});

export type FolderCameraConfig = z.infer<typeof folderCameraSchema>;

/**
 * Plays the pictures of a folder (see `listPictures`). The trigger tag counts pictures: a folder has no conveyor, so
 * `encoder` is the sequence too. Unreadable pictures are counted and logged.
 * @throws ConfigError in the iteration for an empty folder; DeviceError `camera.folder-unreadable` when no picture can be used
 */
export function createFolderCamera(config: FolderCameraConfig, surroundings: CameraSurroundings): FrameSource {
  return createFedSource(config.id, (feed, stop) => play(config, surroundings, feed, stop));
}

async function play(
  config: FolderCameraConfig,
  { clock, logger }: CameraSurroundings,
  feed: FrameFeed,
  stop: AbortSignal,
): Promise<void> {
  const pictures = await listPictures(config.folder);
  feed.connection(true);
  const periodMs = config.rateHz === undefined ? undefined : 1000 / config.rateHz;
  let dueMs = clock.monotonicMs();
  let sequence = 0;
  for (;;) {
    let usable = 0;
    for (const entry of pictures) {
      if (stop.aborted) return;
      const picture = await read(entry, config).catch((error: unknown) => {
        logger.warn('frame.corrupt', { camera: config.id, picture: entry.name, reason: errorMessage(error) });
      });
      if (periodMs === undefined) {
        if (picture && !(await feed.demand())) return;
      } else {
        dueMs = Math.max(dueMs + periodMs, clock.monotonicMs());
        await wait(Math.max(0, dueMs - clock.monotonicMs()), undefined, { signal: stop }).catch(() => undefined);
        if (stop.aborted) return;
      }
      if (picture) {
        usable += 1;
        feed.put(frameOf(picture, entry, sequence, config, clock));
      } else feed.corrupt();
      sequence += 1;
    }
    if (usable === 0) {
      throw new DeviceError(
        'camera.folder-unreadable',
        `None of the ${pictures.length} pictures in ${config.folder} can be used; see the log for each.`,
      );
    }
    if (!config.loop) return;
  }
}

async function read(entry: FolderPicture, config: FolderCameraConfig): Promise<Picture> {
  const picture = await decodeImage(entry.file, config.format);
  const { width = picture.width, height = picture.height } = config;
  if (picture.width !== width || picture.height !== height) {
    throw new ConfigError(
      'camera.image-size',
      `${entry.file} is ${picture.width}x${picture.height}, the camera is set to ${width}x${height}.`,
    );
  }
  return picture;
}

function frameOf(
  picture: Picture,
  entry: FolderPicture,
  sequence: number,
  config: FolderCameraConfig,
  clock: CameraSurroundings['clock'],
): Frame {
  const now = clock.monotonicMs();
  const productId = entry.template === undefined ? (config.productId ?? 'default') : entry.name;
  const partId = /^[\x21-\x7e]{1,16}$/.test(entry.name) ? entry.name : `F${String(sequence).padStart(8, '0')}`;
  return {
    ...picture,
    source: config.id,
    sequence,
    capturedAtMs: now,
    receivedAtMs: now,
    epochMs: clock.epochMs(),
    name: entry.name,
    trigger: { triggerCount: sequence, encoder: sequence >>> 0, productId, partId },
  };
}

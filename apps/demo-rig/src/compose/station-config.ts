import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stationHubConfig } from './hub-config.js';
import type { DemoOptions } from '../options.js';

/** The frame socket, or a stream of one product that the line pushes to a port of the station's. */
export type DemoCamera = { readonly framePort: number } | { readonly rtspPort: number; readonly product: string };

export const rtspAddress = (port: number): string => `rtsp://127.0.0.1:${port}/line`;

export interface StationConfigInput {
  readonly options: DemoOptions;
  readonly folders: { readonly templates: string; readonly golden: string; readonly state: string };
  /** The built page. */
  readonly page: string;
  /** The repository. */
  readonly root: string;
  readonly camera: DemoCamera;
  readonly plcPort: number;
  readonly mesUrl: string;
  /** Where the hub is reached; undefined without one. */
  readonly linkPort: number | undefined;
}

/** The station's configuration for this run, the same kind of file that an engineer writes for a real line. */
export function stationConfig({ options, folders, page, root, camera, plcPort, mesUrl, linkPort }: StationConfigInput) {
  return {
    station: { id: 'demo-line-1', simulated: true },
    camera: cameraConfig(camera),
    frame: { width: 640, height: 640, ...(options.frames ? { frozenFrames: 0 } : {}) },
    templates: options.frames
      ? { folder: pictureFolder(options.frames), pattern: '{productId}_temp.png', capacity: 512 }
      : {
          folder: folders.templates,
          pattern: '{productId}.png',
          ...('product' in camera ? { defaultProduct: camera.product } : {}),
        },
    bundle: { folder: resolve(options.bundle), trustedKeys: join(root, 'models/bundles/trusted-keys.json') },
    ...(options.variant ? { ladder: { variants: [options.variant] } } : {}),
    plc: { role: options.role, port: plcPort, simulated: true },
    // The belt takes 1.2 s from the camera to the gate; a busy laptop may use most of it.
    join: { by: 'rtspPort' in camera ? 'time' : 'encoder', triggerWaitMs: 500, frameWaitMs: 500 },
    decide: { partDeadlineMs: 800 },
    golden: { folder: folders.golden },
    record: { folder: folders.state, maxBytes: 500_000_000 },
    mes: { url: mesUrl, timeoutMs: 2_000 },
    dashboard: { port: options.hub && options.port !== 0 ? options.port + 1 : options.port },
    page: { folder: page },
    ...(linkPort === undefined ? {} : stationHubConfig(linkPort, folders.state)),
  };
}

function cameraConfig(camera: DemoCamera) {
  const id = 'line-camera';
  if ('framePort' in camera) return { kind: 'socket', id, port: camera.framePort };
  // Encoding, loopback and decoding take some 60 ms when nothing is held up.
  const stream = { width: 640, height: 640, latencyMs: 80, stallMs: 6_000, reconnect: { minMs: 200, maxMs: 1_000 } };
  return { kind: 'rtsp', id, url: rtspAddress(camera.rtspPort), listen: true, ...stream };
}

function pictureFolder(frames: string): string {
  const inside = join(resolve(frames), 'images');
  return existsSync(inside) ? inside : resolve(frames);
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DemoOptions } from './options.js';

export interface StationConfigInput {
  readonly options: DemoOptions;
  readonly folders: { readonly templates: string; readonly golden: string; readonly state: string };
  /** The built page. */
  readonly page: string;
  /** The repository. */
  readonly root: string;
  readonly framePort: number;
  readonly plcPort: number;
  readonly mesUrl: string;
}

/** The station's configuration for this run, the same kind of file that an engineer writes for a real line. */
export function stationConfig({ options, folders, page, root, framePort, plcPort, mesUrl }: StationConfigInput) {
  return {
    station: { id: 'demo-line-1', simulated: true },
    camera: { kind: 'socket', id: 'line-camera', port: framePort },
    frame: { width: 640, height: 640, ...(options.frames ? { frozenFrames: 0 } : {}) },
    templates: options.frames
      ? { folder: pictureFolder(options.frames), pattern: '{productId}_temp.png', capacity: 512 }
      : { folder: folders.templates, pattern: '{productId}.png' },
    bundle: { folder: resolve(options.bundle), trustedKeys: join(root, 'models/bundles/trusted-keys.json') },
    ...(options.variant ? { ladder: { variants: [options.variant] } } : {}),
    plc: { role: options.role, port: plcPort, simulated: true },
    // The belt takes 1.2 s from the camera to the gate; a busy laptop may use most of it.
    join: { triggerWaitMs: 500, frameWaitMs: 500 },
    decide: { partDeadlineMs: 800 },
    golden: { folder: folders.golden },
    record: { folder: folders.state, maxBytes: 500_000_000 },
    mes: { url: mesUrl, timeoutMs: 2_000 },
    dashboard: { port: options.port },
    page: { folder: page },
  };
}

function pictureFolder(frames: string): string {
  const inside = join(resolve(frames), 'images');
  return existsSync(inside) ? inside : resolve(frames);
}

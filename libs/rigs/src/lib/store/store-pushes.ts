import type { Clock, Logger } from '@edge-blueprints/contracts';
import type { FrameOutlet } from '../line/frame-outlet.js';
import { createMatroskaFrames } from '../line/matroska-frames.js';
import { openRtspFeed } from '../line/rtsp-feed.js';
import type { StoreCameraName } from './store-cameras.js';
import { storeCameraNames } from './store-cameras.js';

/**
 * Cameras that push their pictures over RTSP instead of serving a frame socket. A stream carries no capture time: the
 * receiver stamps what arrives. @throws ConfigError `camera.ffmpeg-missing`
 */
export async function openStorePushes(
  urls: Readonly<Record<StoreCameraName, string | undefined>>,
  options: { readonly width: number; readonly height: number; readonly ffmpegPath: string | undefined },
  deps: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly emit: (event: Readonly<Record<string, unknown>>) => void;
  },
): Promise<Readonly<Partial<Record<StoreCameraName, FrameOutlet>>>> {
  const { width, height, ffmpegPath } = options;
  const { clock, logger, emit } = deps;
  const outlets: Partial<Record<StoreCameraName, FrameOutlet>> = {};
  for (const camera of storeCameraNames) {
    const url = urls[camera];
    if (url === undefined) continue;
    const container = createMatroskaFrames(width, height, 'rgb24');
    const onChange = (pid: number | undefined): void => emit({ event: 'rtsp', camera, connected: pid !== undefined });
    const feed = await openRtspFeed({ url, ffmpegPath, container }, { clock, logger, onChange });
    outlets[camera] = {
      port: 0,
      get clients() {
        return feed.connected ? 1 : 0;
      },
      get sent() {
        return feed.sent;
      },
      get dropped() {
        return feed.dropped;
      },
      send: (_header, pixels) => feed.write(pixels),
      setPresent: (present) => feed.setPresent(present),
      close: () => feed.setPresent(false),
    };
  }
  return outlets;
}

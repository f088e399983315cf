import type { Clock, Logger } from '@edge-blueprints/contracts';
import { createBeltView } from './belt-view.js';
import type { FrameOutlet } from './frame-outlet.js';
import { createMatroskaFrames } from './matroska-frames.js';
import { openRtspFeed } from './rtsp-feed.js';

export interface RtspPushOptions {
  /** Where a station waits with `listen: true`. */
  readonly url: string;
  /** The first on PATH when left out. */
  readonly ffmpegPath?: string | undefined;
  /** Side of the square pictures, pixels; a stream cannot change its size. */
  readonly side: number;
  readonly rateHz: number;
  /** How long a part stays in the camera's view. */
  readonly dwellMs: number;
}

/**
 * The line's camera as one that runs freely and knows nothing of parts: a steady stream over RTSP, pushed by ffmpeg. The
 * line never waits for it: what ffmpeg does not take is dropped and counted, and an ffmpeg that stalls or ends is replaced.
 * @param onChange the connection came or went; with the process id of the ffmpeg at work
 * @throws ConfigError `camera.ffmpeg-missing`
 */
export async function createRtspPublisher(
  options: RtspPushOptions,
  deps: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly onChange: (pid: number | undefined) => void;
  },
): Promise<FrameOutlet> {
  const { url, side, rateHz, dwellMs, ffmpegPath } = options;
  const { clock } = deps;
  const view = createBeltView(side * side, dwellMs);
  const feed = await openRtspFeed({ url, ffmpegPath, container: createMatroskaFrames(side, side, 'gray8') }, deps);
  let wrongSize = 0;
  const ticking = setInterval(() => feed.write(view.at(clock.monotonicMs())), 1000 / rateHz);
  return {
    port: 0,
    get clients() {
      return feed.connected ? 1 : 0;
    },
    get sent() {
      return feed.sent;
    },
    get dropped() {
      return feed.dropped + wrongSize;
    },
    send: ({ width, height }, pixels, sentBytes = pixels.length) => {
      if (width !== side || height !== side) {
        wrongSize += 1;
        return;
      }
      const whole = sentBytes === pixels.length;
      view.partArrives(whole ? pixels : pixels.map((level, at) => (at < sentBytes ? level : 0)), clock.monotonicMs());
    },
    setPresent: (present) => feed.setPresent(present),
    close: async () => {
      clearInterval(ticking);
      await feed.setPresent(false);
    },
  };
}

import { asTheyCome, findFfmpeg, redactUrls } from '@edge-blueprints/cameras';
import type { Clock, Logger } from '@edge-blueprints/contracts';
import { createBeltView } from './belt-view.js';
import type { FfmpegPush } from './ffmpeg-push.js';
import { rtspPushArguments, startFfmpegPush } from './ffmpeg-push.js';
import type { FrameOutlet } from './frame-outlet.js';
import { createMatroskaFrames } from './matroska-frames.js';

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

const maxUnreadBytes = 2 * 1024 * 1024;
const stalledMs = 3_000;
const againAfterMs = 400;

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
  const { url, side, rateHz, dwellMs } = options;
  const { clock, logger } = deps;
  const program = await findFfmpeg(options.ffmpegPath);
  const args = rtspPushArguments(url, await asTheyCome(program));
  const view = createBeltView(side * side, dwellMs);
  const container = createMatroskaFrames(side, side);
  let push: FfmpegPush | undefined;
  let connected = false;
  let present = true;
  let again: NodeJS.Timeout | undefined;
  let sent = 0;
  let dropped = 0;
  let firstAtMs = 0;
  let lastMs = -1;
  let takenAtMs = 0;
  let complained = '';

  const start = (): void => {
    clearTimeout(again);
    if (!present || push !== undefined) return;
    const mine = startFfmpegPush(program, args, () => {
      connected = true;
      complained = '';
      deps.onChange(mine.pid);
    });
    push = mine;
    firstAtMs = takenAtMs = clock.monotonicMs();
    lastMs = -1;
    mine.write(container.head);
    void mine.ended.then((said) => {
      // ffmpeg names its parts with an address in memory, which is another one at each start.
      const words = said.replace(/ @ 0x[0-9a-f]+/g, '');
      push = undefined;
      if (connected || words !== complained)
        logger.warn('line.rtsp-lost', { url: redactUrls(url), reason: redactUrls(words) });
      complained = words;
      const was = connected;
      connected = false;
      if (was) deps.onChange(undefined);
      if (present) again = setTimeout(start, againAfterMs);
    });
  };
  const shoot = (): void => {
    if (push === undefined) return;
    const nowMs = clock.monotonicMs();
    if (push.unreadBytes > maxUnreadBytes) {
      dropped += 1;
      if (nowMs - takenAtMs > stalledMs) push.kill();
      return;
    }
    takenAtMs = nowMs;
    lastMs = Math.max(lastMs + 1, Math.round(nowMs - firstAtMs));
    push.write(container.frame(lastMs, view.at(nowMs)));
    if (connected) sent += 1;
  };
  const end = async (): Promise<void> => {
    present = false;
    clearTimeout(again);
    push?.kill();
    await push?.ended;
  };

  start();
  const ticking = setInterval(shoot, 1000 / rateHz);
  return {
    port: 0,
    get clients() {
      return connected ? 1 : 0;
    },
    get sent() {
      return sent;
    },
    get dropped() {
      return dropped;
    },
    send: ({ width, height }, pixels, sentBytes = pixels.length) => {
      if (width !== side || height !== side) {
        dropped += 1;
        return;
      }
      const whole = sentBytes === pixels.length;
      view.partArrives(whole ? pixels : pixels.map((level, at) => (at < sentBytes ? level : 0)), clock.monotonicMs());
    },
    setPresent: async (next) => {
      if (!next) return end();
      present = true;
      start();
    },
    close: async () => {
      clearInterval(ticking);
      await end();
    },
  };
}

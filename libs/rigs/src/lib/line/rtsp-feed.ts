import { asTheyCome, findFfmpeg, redactUrls } from '@edge-blueprints/cameras';
import type { Clock, Logger } from '@edge-blueprints/contracts';
import type { FfmpegPush } from './ffmpeg-push.js';
import { rtspPushArguments, startFfmpegPush } from './ffmpeg-push.js';
import type { MatroskaFrames } from './matroska-frames.js';

/** Pictures on their way to an RTSP server, through an ffmpeg that is replaced when it stalls or ends. */
export interface RtspFeed {
  readonly connected: boolean;
  readonly sent: number;
  /** Pictures that ffmpeg did not take. */
  readonly dropped: number;
  /** Of the size that the container was made for. While nobody takes it, a picture is gone. */
  write(pixels: Uint8Array): void;
  setPresent(present: boolean): Promise<void>;
}

const maxUnreadBytes = 2 * 1024 * 1024;
const stalledMs = 3_000;
const againAfterMs = 400;

/**
 * Starts at once. The writer never waits: what ffmpeg does not take is dropped and counted.
 * @param deps.onChange the connection came or went; with the process id of the ffmpeg at work
 * @throws ConfigError `camera.ffmpeg-missing`
 */
export async function openRtspFeed(
  options: { readonly url: string; readonly ffmpegPath?: string | undefined; readonly container: MatroskaFrames },
  deps: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly onChange: (pid: number | undefined) => void;
  },
): Promise<RtspFeed> {
  const { url, container } = options;
  const { clock, logger } = deps;
  const program = await findFfmpeg(options.ffmpegPath);
  const args = rtspPushArguments(url, await asTheyCome(program));
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
  start();
  return {
    get connected() {
      return connected;
    },
    get sent() {
      return sent;
    },
    get dropped() {
      return dropped;
    },
    write: (pixels) => {
      if (push === undefined) return;
      const nowMs = clock.monotonicMs();
      if (push.unreadBytes > maxUnreadBytes) {
        dropped += 1;
        if (nowMs - takenAtMs > stalledMs) push.kill();
        return;
      }
      takenAtMs = nowMs;
      lastMs = Math.max(lastMs + 1, Math.round(nowMs - firstAtMs));
      push.write(container.frame(lastMs, pixels));
      if (connected) sent += 1;
    },
    setPresent: async (next) => {
      present = next;
      if (next) return start();
      clearTimeout(again);
      push?.kill();
      await push?.ended;
    },
  };
}

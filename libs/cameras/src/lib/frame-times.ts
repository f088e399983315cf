import type { Readable } from 'node:stream';

/** The presentation times of the frames of one ffmpeg run, in the order of the frames. */
export interface FrameTimes {
  /** Time of the next frame, ms from an origin of the stream's own, NaN where it has none; undefined when ffmpeg tells no more. */
  next(): Promise<number | undefined>;
}

/** More untaken times than this mean that nobody reads frames; the oldest go. */
const maxUntaken = 10_000;

/** Reads what ffmpeg's `metadata=print` filter writes: a line `frame:12 pts:1080 pts_time:0.012` for each frame. */
export function readFrameTimes(stream: Readable): FrameTimes {
  const untaken: number[] = [];
  let waiting: ((time: number | undefined) => void) | undefined;
  let over = false;
  let rest = '';
  const give = (ms: number): void => {
    if (waiting === undefined) {
      untaken.push(ms);
      if (untaken.length > maxUntaken) untaken.shift();
      return;
    }
    waiting(ms);
    waiting = undefined;
  };
  stream.setEncoding('latin1');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-200);
    for (const line of lines) {
      if (line.startsWith('frame:')) give(Number(/\bpts_time:(\S+)/.exec(line)?.[1]) * 1000);
    }
  });
  stream.once('close', () => {
    over = true;
    waiting?.(undefined);
    waiting = undefined;
  });
  return {
    next: () => {
      const first = untaken.shift();
      if (first !== undefined || over) return Promise.resolve(first);
      return new Promise((resolve) => (waiting = resolve));
    },
  };
}

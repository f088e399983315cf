import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { DeviceError } from '@edge-blueprints/contracts';
import { redactUrls } from './redact-url.js';

const stderrTail = 2000;
const killAfterMs = 2000;

export interface FfmpegRun {
  /** Raw video, frame after frame without separators. */
  readonly stdout: Readable;
  /** Ends the program and waits until it is gone; idempotent. */
  stop(): Promise<void>;
  /**
   * Resolves when ffmpeg ended in order or was stopped.
   * @throws DeviceError `camera.ffmpeg-failed` with its last lines, logins removed
   */
  finished(): Promise<void>;
}

/** Starts ffmpeg with raw video on its standard output. It is ended with this process, also when that exits in a hurry. */
export function runFfmpeg(program: string, args: readonly string[]): FfmpegRun {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  let stopped = false;
  let failure: Error | undefined;
  let closed = false;
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => (tail = (tail + text).slice(-stderrTail)));
  child.on('error', (error) => (failure = error));
  const over = new Promise<void>((resolve) => {
    child.once('close', () => {
      closed = true;
      process.off('exit', killNow);
      resolve();
    });
  });

  return {
    stdout: child.stdout,
    async stop() {
      stopped = true;
      // The pipe must be drained or closed, or a full pipe keeps ffmpeg from noticing the signal.
      child.stdout.destroy();
      if (closed) return;
      child.kill('SIGTERM');
      const timer = setTimeout(killNow, killAfterMs);
      await over;
      clearTimeout(timer);
    },
    async finished() {
      await over;
      if (stopped || (child.exitCode === 0 && !failure)) return;
      const said = redactUrls(tail.trim().split('\n').slice(-5).join(' | '));
      const ended = failure
        ? failure.message
        : `ended with ${child.exitCode === null ? child.signalCode : `code ${child.exitCode}`}`;
      throw new DeviceError('camera.ffmpeg-failed', `ffmpeg ${ended}${said === '' ? '' : `: ${said}`}`, {
        retry: 'safe',
        cause: failure,
      });
    },
  };
}

/** First line of `ffmpeg -version`, for the doctor. */
export async function ffmpegVersion(program: string): Promise<string> {
  const run = spawn(program, ['-hide_banner', '-version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  run.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  await once(run, 'close');
  return text.split('\n')[0]?.trim() ?? '';
}

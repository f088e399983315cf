import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { DeviceError } from '@edge-blueprints/contracts';
import { redactUrls } from './redact-url.js';

const stderrTail = 2000;
const killAfterMs = 2000;

export interface FfmpegRun {
  /** Raw video, frame after frame without separators. */
  readonly stdout: Readable;
  /** What ffmpeg writes to `pipe:3`: the times of its frames, where the arguments ask for them. */
  readonly side: Readable;
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
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const [stdout, stderr, side] = [readable(child.stdout), readable(child.stderr), readable(child.stdio[3])];
  side.on('error', () => undefined);
  let tail = '';
  let stopped = false;
  let failure: Error | undefined;
  let closed = false;
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  stderr.setEncoding('utf8');
  stderr.on('data', (text: string) => (tail = (tail + text).slice(-stderrTail)));
  child.on('error', (error) => (failure = error));
  const over = new Promise<void>((resolve) => {
    child.once('close', () => {
      closed = true;
      process.off('exit', killNow);
      resolve();
    });
  });

  return {
    stdout,
    side,
    async stop() {
      stopped = true;
      // The pipe must be drained or closed, or a full pipe keeps ffmpeg from noticing the signal.
      stdout.destroy();
      side.destroy();
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

/** A program that could not be started has no pipes. */
function readable(stream: unknown): Readable {
  return stream instanceof Readable ? stream : Readable.from([]);
}

/** First line of `ffmpeg -version`, for the doctor. */
export async function ffmpegVersion(program: string): Promise<string> {
  const run = spawn(program, ['-hide_banner', '-version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  run.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  await once(run, 'close');
  return text.split('\n')[0]?.trim() ?? '';
}

/**
 * The arguments that make ffmpeg pass pictures on as they come, with their own times, instead of repeating or dropping
 * some to reach a steady rate. ffmpeg 5.1 renamed the option.
 */
export async function asTheyCome(program: string): Promise<readonly string[]> {
  const [, major, minor] = /version n?(\d+)\.(\d+)/.exec(await ffmpegVersion(program)) ?? [];
  const old = major !== undefined && Number(major) + Number(minor) / 10 < 5.05;
  return [old ? '-vsync' : '-fps_mode', 'passthrough', '-enc_time_base', '1:90000'];
}

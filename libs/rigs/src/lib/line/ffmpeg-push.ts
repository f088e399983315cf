import { spawn } from 'node:child_process';

/** One connection of an ffmpeg that pushes pictures. */
export interface FfmpegPush {
  readonly pid: number | undefined;
  /** Bytes that ffmpeg has not taken yet. */
  readonly unreadBytes: number;
  write(bytes: Uint8Array): void;
  kill(): void;
  /** Settles when the program is gone, with its last words. */
  readonly ended: Promise<string>;
}

/**
 * Grey pictures from standard input as motion JPEG to an RTSP server: every ffmpeg has that encoder, each picture stands
 * alone, and at the best quality it differs by a grey level or two.
 * @param sync arguments of `asTheyCome`
 */
export function rtspPushArguments(url: string, sync: readonly string[]): readonly string[] {
  const input = ['-probesize', '32', '-analyzeduration', '0', '-fflags', 'nobuffer', '-f', 'matroska', '-i', 'pipe:0'];
  // More threads hold back a picture each; RTP knows the default Huffman tables only and wants both quantisation tables.
  const encoder = ['-c:v', 'mjpeg', '-threads', '1', '-qmin', '1', '-q:v', '1', '-pix_fmt', 'yuvj420p'];
  const forRtp = ['-huffman', 'default', '-force_duplicated_matrix', '1'];
  const output = ['-f', 'rtsp', '-rtsp_transport', 'tcp', url];
  return [
    '-hide_banner',
    '-loglevel',
    'error',
    '-progress',
    'pipe:1',
    ...input,
    ...sync,
    ...encoder,
    ...forRtp,
    ...output,
  ];
}

/** @param onSending called once, when the first pictures have gone out */
export function startFfmpegPush(program: string, args: readonly string[], onSending: () => void): FfmpegPush {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let words = '';
  let sending = false;
  child.stdin.on('error', () => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-1_000)));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (sending || !/^frame=\s*[1-9]/m.test(text)) return;
    sending = true;
    onSending();
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(words.trim()));
  });
  void ended.then(() => process.off('exit', kill));
  return {
    pid: child.pid,
    get unreadBytes() {
      return child.stdin.writableLength;
    },
    write: (bytes) => void child.stdin.write(bytes),
    kill,
    ended,
  };
}

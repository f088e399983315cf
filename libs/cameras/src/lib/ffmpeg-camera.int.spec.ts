import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJsonLogger, createRandom, systemClock, type Frame, type FrameSource } from '@edge-blueprints/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cameraSchema, createCamera } from './create-camera.js';
import { findFfmpeg } from './find-ffmpeg.js';
import { serveRtspJpeg } from './testing/rtsp-jpeg-server.js';

const program = await findFfmpeg().catch(() => undefined);

describe('ffmpeg on this machine', () => {
  it.runIf(process.env['CI'] === 'true')('is there, because CI must test the cameras that need it', () => {
    expect(program).toBeDefined();
  });
});

if (program === undefined)
  process.stderr.write('ffmpeg is not installed: the video, RTSP and USB cameras were not tested.\n');

describe.skipIf(program === undefined)('cameras through ffmpeg', () => {
  let folder = '';
  let film = '';
  const children: ChildProcess[] = [];
  const sources: FrameSource[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'film-'));
    film = join(folder, 'film.mkv');
    // Ten lossless pictures of one second, each of one grey level: 0, 20, 40, ...
    const level = "geq=lum='mod(N*20,250)'";
    const made = ffmpeg([
      '-f',
      'lavfi',
      '-i',
      'color=black:s=64x48:r=10:d=1',
      '-vf',
      `format=gray,${level}`,
      '-c:v',
      'ffv1',
      film,
    ]);
    const [code] = await once(made, 'close');
    expect(code).toBe(0);
  });
  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function ffmpeg(args: readonly string[]): ChildProcess {
    const child = spawn(program ?? '', ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...args], {
      stdio: 'ignore',
    });
    children.push(child);
    return child;
  }

  function camera(config: object, log: (line: string) => void = () => undefined): FrameSource {
    const logger = createJsonLogger({ write: log, now: () => 0 });
    const source = createCamera(cameraSchema.parse({ width: 64, height: 48, ...config }), {
      clock: systemClock,
      random: createRandom(1),
      logger,
    });
    sources.push(source);
    return source;
  }

  async function take(source: FrameSource, count = Infinity): Promise<Frame[]> {
    const frames: Frame[] = [];
    for await (const frame of source.frames(AbortSignal.timeout(15_000))) {
      frames.push(frame);
      if (frames.length === count) break;
    }
    return frames;
  }

  it('play a film frame by frame without losing one', async () => {
    const source = camera({ kind: 'video', file: film, realTime: false, id: 'film' });
    const frames = await take(source);
    expect(frames.map((f) => f.sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    frames.forEach((f, n) => expect(Math.abs((f.pixels[1000] ?? NaN) - n * 20)).toBeLessThanOrEqual(1));
    expect(frames[3]).toMatchObject({ source: 'film', width: 64, height: 48, format: 'gray8' });
    expect(source.stats()).toMatchObject({ captured: 10, delivered: 10, superseded: 0, corrupt: 0, connected: false });
  });

  it('scale with bars, in colour, and start again when they loop', async () => {
    const source = camera({
      kind: 'video',
      file: film,
      realTime: false,
      loop: true,
      width: 32,
      height: 32,
      format: 'rgb24',
    });
    const frames = await take(source, 13);
    expect(frames[12]?.pixels).toHaveLength(32 * 32 * 3);
    // 64x48 in 32x32 leaves bars of 4 rows, grey 114.
    expect(frames[2]?.pixels[0]).toBe(114);
    expect(Math.abs((frames[2]?.pixels[32 * 16 * 3] ?? NaN) - 40)).toBeLessThanOrEqual(2);
  });

  it('say what is wrong with a file', async () => {
    await expect(take(camera({ kind: 'video', file: join(folder, 'none.mp4') }))).rejects.toMatchObject({
      code: 'camera.file-missing',
    });
    await writeFile(join(folder, 'text.mp4'), 'no film');
    await expect(take(camera({ kind: 'video', file: join(folder, 'text.mp4') }))).rejects.toMatchObject({
      code: 'camera.ffmpeg-failed',
      message: expect.stringContaining('Invalid data'),
    });
    await expect(take(camera({ kind: 'video', file: film, ffmpegPath: '/nowhere' }))).rejects.toMatchObject({
      code: 'camera.ffmpeg-missing',
    });
  });

  it('end ffmpeg when the consumer leaves', async () => {
    const source = camera({ kind: 'video', file: film, loop: true });
    await take(source, 1);
    const { captured, delivered, superseded } = source.stats();
    expect(delivered + superseded).toBe(captured);
  });

  it('keep trying a dead RTSP address, hide its login, and stop at once', async () => {
    const lines: string[] = [];
    const url = 'rtsp://operator:secret@127.0.0.1:9/stream';
    const source = camera({ kind: 'rtsp', url, reconnect: { minMs: 1, maxMs: 5 } }, (line) => lines.push(line));
    const stop = new AbortController();
    const next = source.frames(stop.signal)[Symbol.asyncIterator]().next();
    while (source.stats().reconnects < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(source.stats().connected).toBe(false);
    stop.abort();
    expect((await next).done).toBe(true);
    expect(lines[0]).toContain('camera.ffmpeg-failed');
    expect(lines.join('')).not.toContain('secret');
  });

  it.runIf(process.platform === 'linux')(
    'name a USB device that is not there, and what to do, and keep trying',
    async () => {
      const lines: string[] = [];
      const device = '/dev/video-of-nobody';
      const source = camera({ kind: 'usb', device, reconnect: { minMs: 1, maxMs: 5 } }, (line) => lines.push(line));
      const stop = new AbortController();
      const next = source.frames(stop.signal)[Symbol.asyncIterator]().next();
      while (source.stats().reconnects < 1) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort();
      await next;
      expect(lines[0]).toContain('camera.device-unusable');
      expect(lines[0]).toMatch(/\/dev\/video-of-nobody: .*No such file.*This machine has .*set .*device/);
    },
  );

  it('connect again to a camera that accepts and then is silent', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const lines: string[] = [];
    const source = camera(
      { kind: 'rtsp', url: `rtsp://127.0.0.1:${port}/s`, stallMs: 150, reconnect: { minMs: 1, maxMs: 2 } },
      (line) => lines.push(line),
    );
    const stop = new AbortController();
    const next = source.frames(stop.signal)[Symbol.asyncIterator]().next();
    while (source.stats().reconnects < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await next;
    server.close();
    expect(lines[0]).toContain('camera.stalled');
  });

  it('take a camera that pushes over RTSP, and take it again after it broke off', async () => {
    const url = `rtsp://127.0.0.1:${await freePort()}/line`;
    const source = camera({ kind: 'rtsp', url, listen: true, settleMs: 0, reconnect: { minMs: 5, maxMs: 20 } });
    const frames = source.frames(AbortSignal.timeout(18_000))[Symbol.asyncIterator]();
    const next = frames.next();
    for (const round of [1, 2]) {
      const first = round === 1 ? next : frames.next();
      let seen = false;
      void first.then(() => (seen = true));
      while (!seen) {
        const sender = ffmpeg(['-re', '-i', film, '-c:v', 'mpeg4', '-f', 'rtsp', '-rtsp_transport', 'tcp', url]);
        await Promise.race([once(sender, 'close'), first]);
      }
      expect((await first).value).toMatchObject({ width: 64, height: 48 });
      const lost = source.stats().reconnects;
      for (const child of children.splice(0)) child.kill('SIGKILL');
      const rest = source.stats().captured;
      while (round === 1 && source.stats().reconnects === lost) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(source.stats().captured).toBeGreaterThanOrEqual(rest);
    }
    await frames.return?.();
    const { captured, delivered, superseded, corrupt } = source.stats();
    expect(delivered + superseded + corrupt).toBe(captured);
  });

  it('pull frames from an RTSP camera and come back after it hung up', async () => {
    const film10s = [
      '-re',
      '-stream_loop',
      '-1',
      '-i',
      film,
      '-c:v',
      'mjpeg',
      '-pix_fmt',
      'yuvj420p',
      '-huffman',
      'default',
      '-f',
      'rtp',
    ];
    const rtsp = await serveRtspJpeg((port) => ffmpeg([...film10s, `rtp://127.0.0.1:${port}`]));
    const source = camera({ kind: 'rtsp', url: rtsp.url, settleMs: 0, reconnect: { minMs: 5, maxMs: 20 } });
    const frames = source.frames(AbortSignal.timeout(18_000))[Symbol.asyncIterator]();
    expect((await frames.next()).value).toMatchObject({ width: 64, height: 48, sequence: 0 });
    rtsp.hangUp();
    while (source.stats().reconnects === 0) await frames.next();
    expect((await frames.next()).value?.sequence).toBeGreaterThan(0);
    await frames.return?.();
    rtsp.close();
  });

  async function freePort(): Promise<number> {
    const probe = createServer();
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    probe.close();
    await once(probe, 'close');
    return typeof address === 'object' && address ? address.port : 0;
  }
});

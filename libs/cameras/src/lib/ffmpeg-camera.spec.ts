import { describe, expect, it } from 'vitest';
import { createRandom, parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { cameraSchema, createCamera } from './create-camera.js';
import { ffmpegArguments } from './ffmpeg-arguments.js';
import { findFfmpeg } from './find-ffmpeg.js';
import { createRawFrameCutter } from './raw-frame-cutter.js';
import { redactUrls } from './redact-url.js';

describe('findFfmpeg', () => {
  it('names the remedy when the program is nowhere', async () => {
    await expect(findFfmpeg(undefined, '')).rejects.toMatchObject({
      code: 'camera.ffmpeg-missing',
      message: expect.stringMatching(/none on PATH.*apt-get install ffmpeg.*ffmpegPath/),
    });
    await expect(findFfmpeg('/nowhere/ffmpeg')).rejects.toThrow('none at /nowhere/ffmpeg');
  });

  it('takes the path it is given when that is a program', async () => {
    expect(await findFfmpeg(process.execPath, '')).toBe(process.execPath);
  });
});

describe('live camera without ffmpeg', () => {
  it('fails at once instead of trying again for ever', async () => {
    const config = cameraSchema.parse({
      kind: 'rtsp',
      url: 'rtsp://cam/s',
      width: 8,
      height: 8,
      ffmpegPath: '/nowhere/ffmpeg',
    });
    const camera = createCamera(config, { clock: systemClock, random: createRandom(1), logger: silentLogger });
    const first = camera.frames(AbortSignal.timeout(5000))[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ code: 'camera.ffmpeg-missing' });
  });
});

describe('ffmpegArguments', () => {
  it('lets ffmpeg scale and pad to packed pixels', () => {
    const args = ffmpegArguments(['-i', 'x'], { width: 64, height: 48, format: 'gray8', fit: 'contain', rateHz: 5 });
    expect(args.slice(args.indexOf('-vf'))).toEqual([
      '-vf',
      'fps=5,scale=64:48:force_original_aspect_ratio=decrease,pad=64:48:(ow-iw)/2:(oh-ih)/2:color=0x727272',
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
    ]);
    expect(ffmpegArguments(['-i', 'x'], { width: 64, height: 48, format: 'rgb24', fit: 'stretch' })).toContain(
      'scale=64:48',
    );
  });
});

describe('ffmpegArguments of a live source', () => {
  it('only thins pictures out, and tells the time of each beside the pixels', () => {
    const sync = ['-fps_mode', 'passthrough'];
    const args = ffmpegArguments(
      ['-i', 'x'],
      { width: 64, height: 48, format: 'gray8', fit: 'stretch', rateHz: 5 },
      sync,
    );
    expect(args.slice(args.indexOf('-vf'))).toEqual([
      '-vf',
      "select='isnan(prev_selected_t)+gte(t-prev_selected_t,0.190000)',scale=64:48," +
        "metadata=mode=add:key=live:value=1,metadata=mode=print:file='pipe\\:3':direct=1",
      ...sync,
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
    ]);
  });
});

describe('redactUrls', () => {
  it.each([
    ['rtsp://user:secret@10.0.0.5/s: refused', 'rtsp://***@10.0.0.5/s: refused'],
    ['rtsp://user:p@ss/w@rd@cam/s', 'rtsp://***@cam/s'],
    ['rtsp://cam/s?token=abc&channel=1', 'rtsp://cam/s?token=***&channel=***'],
    ['rtsp://cam/s', 'rtsp://cam/s'],
  ])('hides what is secret in %s', (text, expected) => expect(redactUrls(text)).toBe(expected));
});

describe('createRawFrameCutter', () => {
  it('gives whole frames, whatever the chunks, and tells what is left', () => {
    const cutter = createRawFrameCutter(3);
    expect(cutter.push(Uint8Array.of(1, 2))).toEqual([]);
    expect(cutter.push(Uint8Array.of(3, 4, 5, 6, 7))).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)]);
    expect(cutter.pendingBytes).toBe(1);
  });
});

describe('camera settings', () => {
  it('name every problem at once', () => {
    const input = { kind: 'rtsp', url: 'http://cam', width: 0, height: 480, colour: true };
    expect(() => parseConfig(cameraSchema, input, 'station.json')).toThrow(/station\.json[\s\S]*colour[\s\S]*/);
    expect(() => parseConfig(cameraSchema, input, 'station.json')).toThrow(/rtsp:\/\/[\s\S]*url/);
    expect(() => parseConfig(cameraSchema, input, 'station.json')).toThrow(/width/);
  });

  it('refuse an unknown kind', () => {
    expect(cameraSchema.safeParse({ kind: 'telepathy' }).success).toBe(false);
  });
});

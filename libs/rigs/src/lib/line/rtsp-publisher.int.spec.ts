import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRtspCamera, findFfmpeg, rtspCameraSchema } from '@edge-blueprints/cameras';
import type { Frame } from '@edge-blueprints/contracts';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { createRtspPublisher } from './rtsp-publisher.js';

const program = await findFfmpeg().catch(() => undefined);
const side = 64;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const publish = async (url: string, ffmpegPath: string | undefined, changes: (number | undefined)[] = []) => {
  const outlet = await createRtspPublisher(
    { url, ffmpegPath, side, rateHz: 40, dwellMs: 150 },
    { clock: systemClock, logger: silentLogger, onChange: (pid) => changes.push(pid) },
  );
  closers.push(outlet.close);
  return outlet;
};
const until = async (what: () => boolean): Promise<void> => {
  const limit = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > limit) throw new Error(`not within 20 s: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const header = (width: number) => ({
  ...{ sequence: 0, capturedAtMs: 0, epochMs: 0, format: 'gray8' as const },
  ...{ width, height: width },
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('createRtspPublisher without a working ffmpeg', () => {
  it('says at once that ffmpeg is missing', async () => {
    await expect(publish('rtsp://127.0.0.1:9/line', '/nowhere/ffmpeg')).rejects.toMatchObject({
      code: 'camera.ffmpeg-missing',
    });
  });

  it.skipIf(process.platform === 'win32')('drops and counts what a program that hangs does not take', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hanging-'));
    closers.push(() => rm(folder, { recursive: true }));
    const hanging = join(folder, 'ffmpeg');
    await writeFile(hanging, '#!/bin/sh\n[ "$2" = -version ] || exec sleep 60\n');
    await chmod(hanging, 0o755);
    const outlet = await createRtspPublisher(
      { url: 'rtsp://127.0.0.1:9/line', ffmpegPath: hanging, side: 2_000, rateHz: 50, dwellMs: 100 },
      { clock: systemClock, logger: silentLogger, onChange: () => undefined },
    );
    closers.push(outlet.close);
    await until(() => outlet.dropped > 3);
    expect(outlet).toMatchObject({ sent: 0, clients: 0 });
  });
});

describe.skipIf(program === undefined)('createRtspPublisher', () => {
  it('streams the empty belt, a part while it is in view, and comes back after ffmpeg died', async () => {
    const url = `rtsp://127.0.0.1:${await freePort()}/line`;
    const latencyMs = 40;
    const camera = createRtspCamera(
      rtspCameraSchema.parse({
        ...{ kind: 'rtsp', url, listen: true, width: side, height: side, latencyMs },
        ...{ settleMs: 300, reconnect: { minMs: 20, maxMs: 100 } },
      }),
      { clock: systemClock, random: createRandom(1), logger: silentLogger },
    );
    const frames: Frame[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      for await (const frame of camera.frames(stop.signal)) frames.push(frame);
    })();
    closers.push(() => (stop.abort(), reading));
    const changes: (number | undefined)[] = [];
    const outlet = await publish(url, undefined, changes);
    const levelOf = (frame: Frame): number => frame.pixels[side * 20 + 20] ?? NaN;
    const pictures = (level: number): Frame[] => frames.filter((frame) => Math.abs(levelOf(frame) - level) <= 3);

    await until(() => pictures(70).length > 5);
    expect(outlet.clients).toBe(1);
    const shownAtMs = systemClock.monotonicMs();
    outlet.send(header(side), new Uint8Array(side * side).fill(200));
    await until(() => pictures(200).length > 0);
    await until(() => (frames.at(-1)?.capturedAtMs ?? 0) > shownAtMs + 400);
    // On a busy machine pictures are missing, but those that are there bear the time at which the part was in view.
    for (const { capturedAtMs } of pictures(200)) {
      expect(capturedAtMs).toBeGreaterThan(shownAtMs - latencyMs - 5);
      expect(capturedAtMs).toBeLessThan(shownAtMs + 150 + 60);
    }

    const dropped = outlet.dropped;
    outlet.send(header(32), new Uint8Array(32 * 32).fill(250));
    expect(outlet.dropped).toBe(dropped + 1);

    const [pid = 0] = changes;
    process.kill(pid, 'SIGKILL');
    await until(() => changes.length >= 2);
    expect(changes[1]).toBeUndefined();
    const before = frames.length;
    await until(() => changes.length >= 3 && frames.length > before + 3);
    expect(camera.stats().reconnects).toBeGreaterThan(0);
  }, 45_000);
});

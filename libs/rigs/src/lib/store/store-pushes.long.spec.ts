import { createServer } from 'node:net';
import { createRtspCamera, findFfmpeg, rtspCameraSchema } from '@edge-blueprints/cameras';
import type { Frame } from '@edge-blueprints/contracts';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { expect, it } from 'vitest';
import { openStorePushes } from './store-pushes.js';

const program = await findFfmpeg().catch(() => undefined);
const [width, height] = [64, 48];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

it.skipIf(program === undefined)('a camera of the store arrives in colour over RTSP', { timeout: 40_000 }, async () => {
  const url = `rtsp://127.0.0.1:${await freePort()}/tills`;
  const camera = createRtspCamera(
    rtspCameraSchema.parse({ kind: 'rtsp', url, listen: true, width, height, format: 'rgb24', settleMs: 200 }),
    { clock: systemClock, random: createRandom(1), logger: silentLogger },
  );
  const stop = new AbortController();
  const outlets = await openStorePushes(
    { entrance: undefined, aisles: undefined, tills: url },
    { width, height, ffmpegPath: undefined },
    { clock: systemClock, logger: silentLogger, emit: () => undefined },
  );
  expect(Object.keys(outlets)).toEqual(['tills']);
  const orange = Uint8Array.from({ length: width * height * 3 }, (_, at) => [220, 120, 40][at % 3] ?? 0);
  let sequence = 0;
  const sending = setInterval(() => {
    const header = { sequence: (sequence += 1), capturedAtMs: 0, epochMs: 0, width, height, format: 'rgb24' as const };
    outlets.tills?.send(header, orange);
  }, 50);
  let seen: Frame | undefined;
  for await (const frame of camera.frames(stop.signal)) {
    seen = frame;
    stop.abort();
  }
  clearInterval(sending);
  await outlets.tills?.close();
  const middle = (height / 2) * width * 3 + (width / 2) * 3;
  const [red = 0, green = 0, blue = 0] = seen?.pixels.subarray(middle, middle + 3) ?? [];
  expect(Math.abs(red - 220) + Math.abs(green - 120) + Math.abs(blue - 40)).toBeLessThan(15);
});

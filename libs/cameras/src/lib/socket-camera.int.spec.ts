import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createRandom, silentLogger, systemClock, type Frame, type FrameSource } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeFrameHeader } from './frame-socket-codec.js';
import { createSocketCamera, socketCameraSchema } from './socket-camera.js';

const surroundings = { clock: systemClock, random: createRandom(1), logger: silentLogger };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(onClient: (socket: Socket, index: number) => void): Promise<{ server: Server; port: number }> {
  let clients = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onClient(socket, clients);
    clients += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return { server, port: portOf(server.address()) };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0;
}

function camera(more: object): FrameSource {
  const source = createSocketCamera(
    socketCameraSchema.parse({ kind: 'socket', reconnect: { minMs: 1, maxMs: 5 }, ...more }),
    surroundings,
  );
  open.push(source);
  return source;
}

function send(socket: Socket, sequence: number, pixels = new Uint8Array(6).fill(sequence)): void {
  const trigger = { triggerCount: sequence, encoder: 100 * sequence, productId: 'p', partId: `B${sequence}` };
  socket.write(
    encodeFrameHeader(
      { sequence, capturedAtMs: sequence, epochMs: 1, width: 3, height: 2, format: 'gray8', trigger },
      pixels.length,
    ),
  );
  socket.write(pixels);
}

async function take(source: FrameSource, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source.frames(AbortSignal.timeout(10_000))) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  return frames;
}

describe('socket camera', () => {
  it('delivers pixels, capture time and trigger as the line sent them', async () => {
    const { port } = await serve((socket) => send(socket, 7));
    const [frame] = await take(camera({ port, id: 'top' }), 1);
    expect(frame).toMatchObject({ source: 'top', sequence: 7, capturedAtMs: 7, width: 3, height: 2, format: 'gray8' });
    expect(frame?.trigger).toEqual({ triggerCount: 7, encoder: 700, productId: 'p', partId: 'B7' });
    expect(frame?.pixels).toEqual(new Uint8Array(6).fill(7));
    expect(frame?.receivedAtMs).toBeGreaterThan(0);
  });

  it('connects again when the line drops the connection', async () => {
    const { port } = await serve((socket, index) => {
      send(socket, index);
      if (index < 2) socket.end();
    });
    const source = camera({ port });
    expect((await take(source, 3)).map((f) => f.sequence)).toEqual([0, 1, 2]);
    expect(source.stats()).toMatchObject({ delivered: 3, reconnects: 2, corrupt: 0 });
  });

  it('waits for a line that is not there yet', async () => {
    const { server, port } = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    const source = camera({ port });
    const frames = take(source, 1);
    while (source.stats().reconnects < 3) await new Promise((resolve) => setImmediate(resolve));
    const late = createServer((socket) => send(socket, 4));
    open.push(late);
    late.listen(port, '127.0.0.1');
    expect((await frames).map((f) => f.sequence)).toEqual([4]);
    expect(source.stats().superseded).toBe(0);
  });

  it('counts a cut-off frame and a lost framing as corrupt and connects again', async () => {
    const { port } = await serve((socket, index) => {
      if (index === 0)
        socket.end(
          encodeFrameHeader({ sequence: 0, capturedAtMs: 0, epochMs: 0, width: 3, height: 2, format: 'gray8' }, 6),
        );
      else if (index === 1) socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
      else send(socket, index);
    });
    const source = camera({ port });
    expect((await take(source, 1)).map((f) => f.sequence)).toEqual([2]);
    expect(source.stats()).toEqual({
      captured: 3,
      delivered: 1,
      superseded: 0,
      corrupt: 2,
      reconnects: 2,
      connected: false,
    });
  });

  it('skips a frame of wrong size and stays connected', async () => {
    const { port } = await serve((socket) => {
      send(socket, 0, new Uint8Array(5));
      send(socket, 1);
    });
    const source = camera({ port });
    expect((await take(source, 1)).map((f) => f.sequence)).toEqual([1]);
    expect(source.stats()).toMatchObject({ corrupt: 1, reconnects: 0 });
  });

  it('gives a slow consumer the newest frame and balances its counters', async () => {
    let line: Socket | undefined;
    const { port } = await serve((socket) => {
      line = socket;
      send(socket, 0);
    });
    const source = camera({ port });
    const frames = source.frames(AbortSignal.timeout(10_000))[Symbol.asyncIterator]();
    await frames.next();
    for (let n = 1; n <= 20; n += 1) if (line) send(line, n);
    while (source.stats().captured < 21) await new Promise((resolve) => setImmediate(resolve));
    expect((await frames.next()).value).toMatchObject({ sequence: 20 });
    await frames.return?.();
    expect(source.stats()).toMatchObject({ captured: 21, delivered: 2, superseded: 19, corrupt: 0 });
  });

  it('ends at once when it is stopped, also while it waits for the line', async () => {
    const { port } = await serve(() => undefined);
    const stop = new AbortController();
    const frames = camera({ port }).frames(stop.signal)[Symbol.asyncIterator]();
    const next = frames.next();
    stop.abort();
    expect((await next).done).toBe(true);
  });
});

describe('socket camera settings', () => {
  it('need either a port or a path', () => {
    expect(socketCameraSchema.safeParse({ kind: 'socket' }).success).toBe(false);
    expect(socketCameraSchema.safeParse({ kind: 'socket', port: 1, path: 'x' }).success).toBe(false);
  });
});

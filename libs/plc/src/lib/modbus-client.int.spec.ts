import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectModbus } from './modbus-client.js';

const never = new AbortController().signal;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('Modbus client', () => {
  it('fault 12: an answer after the timeout is never taken for the answer of the next request', async () => {
    const late = await lateServer(120);
    closers.push(late.close);
    const options = { host: '127.0.0.1', port: late.port, unitId: 1, timeoutMs: 60, connectTimeoutMs: 1000 };
    const client = await connectModbus(options, never);
    await expect(client.readHolding(1, 1)).rejects.toMatchObject({ code: 'plc.read-timeout', retry: 'safe' });
    await expect(client.readHolding(2, 1)).rejects.toMatchObject({ code: 'plc.read-timeout' });
    expect(client.open).toBe(false);
    const write = await connectModbus(options, never);
    await expect(write.writeHolding(1, [1])).rejects.toMatchObject({ code: 'plc.write-timeout', retry: 'ambiguous' });
  });

  it('an answer with the number of another transaction ends the connection', async () => {
    const wrong = await lateServer(0, 1);
    closers.push(wrong.close);
    const client = await connectModbus(
      { host: '127.0.0.1', port: wrong.port, unitId: 1, timeoutMs: 500, connectTimeoutMs: 1000 },
      never,
    );
    await expect(client.readHolding(1, 1)).rejects.toMatchObject({ code: 'plc.transaction-mismatch' });
    expect((await client.closed).code).toBe('plc.transaction-mismatch');
  });

  it('keeps answers and requests together over 1000 calls made at once', async () => {
    const late = await lateServer(0);
    closers.push(late.close);
    const client = await connectModbus(
      { host: '127.0.0.1', port: late.port, unitId: 1, timeoutMs: 5000, connectTimeoutMs: 1000 },
      never,
    );
    closers.push(client.close);
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, address) => client.readHolding(address, 1)));
    expect(answers.map(([value]) => value)).toEqual(Array.from({ length: 1000 }, (_, address) => address));
  });

  it('says what to do when nothing listens', async () => {
    const late = await lateServer(0);
    await late.close();
    await expect(
      connectModbus({ host: '127.0.0.1', port: late.port, unitId: 1, timeoutMs: 100, connectTimeoutMs: 500 }, never),
    ).rejects.toMatchObject({ code: 'plc.connect-failed', retry: 'safe' });
  });
});

/** Answers each read with its own address, `delayMs` late, with the transaction number moved by `shift`. */
function lateServer(delayMs: number, shift = 0): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (request: Buffer) => {
      const answer = Buffer.from([...request.subarray(0, 4), 0, 5, 1, 3, 2, ...request.subarray(8, 10)]);
      answer.writeUInt16BE(answer.readUInt16BE(0) + shift, 0);
      if (delayMs === 0) socket.write(answer);
      else setTimeout(() => socket.write(answer), delayMs);
    });
  });
  return listening(server, sockets);
}

function listening(
  server: Server,
  sockets: ReadonlySet<Socket>,
): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      const close = (): Promise<void> => {
        for (const socket of sockets) socket.destroy();
        return new Promise((done) => server.close(() => done()));
      };
      resolve({ port, close });
    });
  });
}

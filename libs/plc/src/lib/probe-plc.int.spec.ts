import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeControlBlock, emptyControlBlock } from './control-block.js';
import { createModbusServer } from './modbus-server.js';
import { allowedPeerList, plcServerConfigSchema } from './plc-config.js';
import { createServerPlcLink } from './plc-link-server.js';
import { createPlcRegisters } from './plc-registers.js';
import { probePlc } from './probe-plc.js';
import { createMemoryCounterStore } from './station-counters.js';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('probePlc', () => {
  it.each(['high-first', 'low-first'] as const)('recognises a station with the %s word order', async (wordOrder) => {
    const config = parseConfig(plcServerConfigSchema, { role: 'server', port: 0, wordOrder }, 'spec');
    const deps = { clock: systemClock, logger: silentLogger, counterStore: createMemoryCounterStore() };
    const link = await createServerPlcLink(config, deps);
    closers.push(link.close);
    expect(await probePlc('127.0.0.1', link.port)).toMatchObject({ kind: 'station', wordOrder });
    expect(await probePlc('127.0.0.1', link.port, { unitId: 5 })).toMatchObject({ kind: 'refused' });
  });

  it('recognises a PLC that waits for a station', async () => {
    const words = encodeControlBlock({ ...emptyControlBlock, expectedMapVersion: 1 }, 'high-first');
    const registers = createPlcRegisters({
      controlWords: () => words,
      onStatus: () => undefined,
      onStationGone: () => undefined,
    });
    expect(await probePlc('127.0.0.1', await serve(registers))).toMatchObject({ kind: 'plc' });
  });

  it.each([
    ['another map', [0x1111, 0x2222], 'wrong-map'],
    ['another version of the map', [0x4531, 2], 'wrong-map'],
    ['swapped bytes', [0x3145, 0x0100], 'swapped-bytes'],
  ] as const)('says so for %s', async (_, map, kind) => {
    const port = await serve({
      ...nothing,
      readWords: (_table, _address, quantity) => ({
        ok: true,
        value: Array.from({ length: quantity }, (_unused, index) => map[index] ?? 0),
      }),
    });
    expect(await probePlc('127.0.0.1', port)).toMatchObject({ kind });
  });

  it('says so when a device has no such registers', async () => {
    expect(await probePlc('127.0.0.1', await serve(nothing))).toMatchObject({ kind: 'wrong-map' });
  });

  it.each([
    ['silent', () => undefined, 'silent'],
    [
      'a web server',
      (socket: Socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'not-modbus',
    ],
    ['closed to us', (socket: Socket) => socket.destroy(), 'refused'],
  ] as const)('says so when the peer is %s', async (_, behave, kind) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    expect(await probePlc('127.0.0.1', port, { timeoutMs: 200 })).toMatchObject({ kind });
    server.close();
  });

  it('says so when nothing listens', async () => {
    const server = await createModbusServer(optionsOf(), nothing);
    await server.close();
    expect(await probePlc('127.0.0.1', server.port)).toMatchObject({ kind: 'unreachable' });
  });
});

const nothing = {
  readBits: () => ({ ok: false, exception: 2 }) as const,
  readWords: () => ({ ok: false, exception: 2 }) as const,
  writeBits: () => 2 as const,
  writeWords: () => 2 as const,
  connected: () => undefined,
  disconnected: () => undefined,
};

function optionsOf() {
  return {
    host: '127.0.0.1',
    port: 0,
    unitId: 1,
    maxConnections: 8,
    idleTimeoutMs: 30_000,
    allowedPeers: allowedPeerList([]),
  };
}

async function serve(device: Parameters<typeof createModbusServer>[1]): Promise<number> {
  const server = await createModbusServer(optionsOf(), device);
  closers.push(server.close);
  return server.port;
}

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { plcServerConfigSchema } from './plc-config.js';
import { createServerPlcLink } from './plc-link-server.js';
import type { ServerPlcLink } from './plc-link-server.js';
import { connectModbus } from './modbus-client.js';
import { decodeStatusBlock } from './status-block.js';
import { createMemoryCounterStore } from './station-counters.js';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('Modbus TCP server of the station', () => {
  it('serves the status block as input and holding registers, and its bits', async () => {
    const { client } = await start();
    const input = await client.readInput(0, 32);
    const mirror = await client.readHolding(100, 32);
    expect(decodeStatusBlock(input, 'high-first')).toMatchObject({ kind: 'not-a-result' });
    expect(mirror.slice(0, 26)).toEqual([...input.slice(0, 3), mirror[3], ...input.slice(4, 26)]);
    expect(await client.readDiscrete(0, 16)).toEqual(Array.from({ length: 16 }, (_, bit) => bit === 8));
    expect(await client.readCoils(0, 10)).toEqual(new Array(10).fill(false));
  });

  it('takes control words and coils, and reads them back', async () => {
    const { client } = await start();
    await client.writeHolding(0, [0x21, 7, 17, 1, 0, 5]);
    expect(await client.readHolding(0, 6)).toEqual([0x21, 7, 17, 1, 0, 5]);
    await client.writeCoil(3, true);
    expect(await client.readCoils(0, 6)).toEqual([true, false, false, true, false, true]);
    const read = await client.writeReadHolding({ address: 1, words: [8] }, { address: 100, quantity: 2 });
    expect(read).toEqual([0x4531, 1]);
    expect(await client.readHolding(1, 1)).toEqual([8]);
  });

  it.each([
    ['fault 15: a read past the block', '04 0000 0021', 0x02],
    ['fault 15: a read across a gap', '03 000f 0002', 0x02],
    ['fault 15: 126 registers', '03 0000 007e', 0x03],
    ['no registers', '03 0000 0000', 0x03],
    ['2001 bits', '01 0000 07d1', 0x03],
    ['a write into the status block', '06 0064 0001', 0x02],
    ['a write over the end of the control block', '10 000f 0002 04 0000 0000', 0x02],
    ['124 registers to write', '10 0000 007c f8 0000', 0x03],
    ['a byte count that does not fit', '10 0000 0002 02 0000 0000', 0x03],
    ['a value in the reserved word', '06 000f 0001', 0x03],
    ['a coil value that is neither on nor off', '05 0000 1234', 0x03],
    ['a coil that does not exist', '05 000a ff00', 0x02],
    ['half of the bypass key', '06 00c8 0001', 0x03],
    ['an unknown function', '2b 0e 01 00', 0x01],
    ['a truncated request', '03 00', 0x03],
    ['a write and read of which the read is illegal', '17 0200 0001 0000 0001 02 0021', 0x02],
  ])('%s gets an exception and the server lives on', async (_, pdu, exception) => {
    const { link } = await start();
    const socket = await raw(link.port);
    const answer = await ask(socket, mbap(7, 1, pdu));
    expect([...answer.subarray(7)]).toEqual([Number.parseInt(pdu.slice(0, 2), 16) | 0x80, exception]);
    expect((await ask(socket, mbap(8, 1, '04 0000 0001'))).subarray(7).toString('hex')).toBe('04024531');
  });

  it('writes nothing when the read of a write-and-read is illegal', async () => {
    const { link, client } = await start();
    await ask(await raw(link.port), mbap(1, 1, '17 0200 0001 0000 0001 02 0021'));
    expect(await client.readHolding(0, 1)).toEqual([0]);
  });

  it('answers another unit id with exception 11', async () => {
    const { link } = await start();
    const answer = await ask(await raw(link.port), mbap(1, 9, '04 0000 0001'));
    expect(answer.subarray(7).toString('hex')).toBe('840b');
  });

  it('answers requests that arrive in pieces and several that arrive at once, in order', async () => {
    const { link } = await start();
    const socket = await raw(link.port);
    const request = mbap(1, 1, '04 0000 0001');
    socket.write(request.subarray(0, 5));
    await new Promise((resolve) => setImmediate(resolve));
    const both = await ask(socket, Buffer.concat([request.subarray(5), mbap(2, 1, '04 0001 0001')]), 22);
    expect(both.toString('hex')).toBe('00010000000501040245310002000000050104020001');
  });

  it.each([
    ['a protocol id that is not 0', '0001 0001 0006 01 04 0000 0001'],
    ['a length of 0', '0001 0000 0000 01 04 0000 0001'],
    ['a length beyond the largest request', '0001 0000 0100 01 04 0000 0001'],
  ])('closes the connection on %s', async (_, bytes) => {
    const { link } = await start();
    const socket = await raw(link.port);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.write(Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
    await closed;
    expect(link.status().faults['plc.malformed-request']).toBe(1);
  });

  it('survives any bytes', async () => {
    const { link, client } = await start();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const socket = await raw(link.port);
        await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
        socket.destroy();
      }),
      { numRuns: 50 },
    );
    expect(await client.readInput(0, 1)).toEqual([0x4531]);
  });

  it('fault 14: a second writer gets exception 6 and is noted; it may write once the first is gone', async () => {
    const { link, client } = await start();
    const second = await connectModbus(clientOf(link.port), new AbortController().signal);
    closers.push(second.close);
    await client.writeHolding(1, [1]);
    await expect(second.writeHolding(1, [2])).rejects.toMatchObject({
      code: 'plc.modbus-exception',
      context: { exceptionCode: 6 },
    });
    expect(link.status().faults['plc.second-writer']).toBe(1);
    expect(await second.readHolding(1, 1)).toEqual([1]);
    client.close();
    await until(() => !link.status().connected);
    await second.writeHolding(1, [3]);
  });

  it('fault 11: a silent writer loses its right after two watchdog times', async () => {
    const { link, client } = await start({ watchdogMs: 50 });
    await client.writeHolding(1, [1]);
    const second = await connectModbus(clientOf(link.port), new AbortController().signal);
    closers.push(second.close);
    await new Promise((resolve) => setTimeout(resolve, 110));
    await second.writeHolding(1, [2]);
    expect(await client.readHolding(1, 1)).toEqual([2]);
  });

  it('refuses connections beyond the limit and closes idle ones', async () => {
    const { link } = await start({ maxConnections: 2, idleTimeoutMs: 1000 });
    await raw(link.port);
    const third = await raw(link.port);
    await new Promise<void>((resolve) => (third.destroyed ? resolve() : third.on('close', () => resolve())));
    expect(link.status().faults['plc.connection-refused']).toBe(1);
  });

  it('names the address when the port is taken', async () => {
    const { link } = await start();
    const config = parseConfig(plcServerConfigSchema, { role: 'server', port: link.port }, 'spec');
    const deps = { clock: systemClock, logger: silentLogger, counterStore: createMemoryCounterStore() };
    await expect(createServerPlcLink(config, deps)).rejects.toMatchObject({ code: 'plc.listen-failed' });
  });
});

describe('configuration', () => {
  it('lists every problem at once and defaults to the own machine', () => {
    const wrong = { role: 'server', port: 70_000, unitID: 1, allowedPeers: ['10.0.0.0/33', 'plc.local'] };
    expect(() => parseConfig(plcServerConfigSchema, wrong, 'station.json')).toThrow(
      /unitID[\s\S]*port[\s\S]*allowedPeers\[0\][\s\S]*allowedPeers\[1\]/,
    );
    expect(parseConfig(plcServerConfigSchema, { role: 'server' }, 'x')).toMatchObject({
      host: '127.0.0.1',
      port: 1502,
      allowedPeers: [],
    });
  });
});

async function start(
  extra: object = {},
): Promise<{ link: ServerPlcLink; client: Awaited<ReturnType<typeof connectModbus>> }> {
  const config = parseConfig(plcServerConfigSchema, { role: 'server', port: 0, ...extra }, 'spec');
  const deps = { clock: systemClock, logger: silentLogger, counterStore: createMemoryCounterStore() };
  const link = await createServerPlcLink(config, deps);
  const client = await connectModbus(clientOf(link.port), new AbortController().signal);
  closers.push(link.close, client.close);
  return { link, client };
}

function clientOf(port: number) {
  return { host: '127.0.0.1', port, unitId: 1, timeoutMs: 1000, connectTimeoutMs: 1000 };
}

function raw(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(socket));
    socket.on('error', reject);
    closers.push(() => void socket.destroy());
  });
}

function mbap(transaction: number, unit: number, pdu: string): Buffer {
  const body = Buffer.from(pdu.replaceAll(' ', ''), 'hex');
  const head = Buffer.alloc(7);
  head.writeUInt16BE(transaction, 0);
  head.writeUInt16BE(body.length + 1, 4);
  head.writeUInt8(unit, 6);
  return Buffer.concat([head, body]);
}

function ask(socket: Socket, request: Buffer, bytes = 9): Promise<Buffer> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (received.length < bytes) return;
      socket.removeListener('data', onData);
      resolve(received);
    };
    socket.on('data', onData);
    socket.write(request);
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the condition did not come true');
}

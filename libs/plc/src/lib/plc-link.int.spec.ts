import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { PartTrigger, PlcLink, StationCondition } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeControlBlock } from './control-block.js';
import type { ControlBlock } from './control-block.js';
import { createFileCounterStore } from './file-counter-store.js';
import { connectModbus } from './modbus-client.js';
import type { ModbusClient } from './modbus-client.js';
import { createModbusServer } from './modbus-server.js';
import { allowedPeerList, plcClientConfigSchema, plcServerConfigSchema } from './plc-config.js';
import { createPlcLink } from './plc-link.js';
import { createServerPlcLink } from './plc-link-server.js';
import { createPlcRegisters } from './plc-registers.js';
import { controlBit as c } from './register-map.js';
import { createMemoryCounterStore } from './station-counters.js';
import { decodeStatusBlock } from './status-block.js';

const good: StationCondition = {
  online: true,
  goldenDue: false,
  goldenFailed: false,
  degraded: false,
  lightFault: false,
  storeFull: false,
  clockUnsynchronised: false,
  activeRecipeId: 1,
};
const running = c.TRIGGER_ENABLE | c.GO_ONLINE | c.BUFFER_ENABLE;
const never = new AbortController().signal;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('PLC link as server', () => {
  it('a verdict stands in the registers before `publish` returns, and is delivered with the acknowledgement', async () => {
    const { link, write, client } = await serverBench();
    const trigger = await announce(link, write, 17);
    const outcome = link.publish(verdictOf(trigger, 'pass'));
    expect(link.status().statusBits).toContain('RESULT_VALID');
    const read = decodeStatusBlock(await client.readInput(0, 32), 'high-first');
    expect(read).toMatchObject({ kind: 'valid', verdict: 'pass', block: { partSeq: 17, encoder: 4_000_000_017 } });
    await write({ controlBits: running | c.RESULT_ACK });
    expect(await outcome).toMatchObject({ kind: 'delivered' });
  });

  it('reports `published` when no acknowledgement comes', async () => {
    const { link, write } = await serverBench({ ackWaitMs: 10 });
    const trigger = await announce(link, write, 1);
    expect(await link.publish(verdictOf(trigger, 'reject'))).toMatchObject({ kind: 'published' });
  });

  it('a result that the PLC may have read when its connection broke is ambiguous', async () => {
    const { link, write, client } = await serverBench({ ackWaitMs: 5000 });
    const trigger = await announce(link, write, 1);
    const outcome = link.publish(verdictOf(trigger, 'pass'));
    client.close();
    expect(await outcome).toEqual({ kind: 'ambiguous', code: 'plc.connection-lost' });
    expect(link.status().statusBits).not.toContain('RESULT_VALID');
  });

  it('keeps its totals in a file and refuses a file that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plc-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'state', 'plc.json');
    const first = await serverBench({}, file);
    const trigger = await announce(first.link, first.write, 1);
    void first.link.publish(verdictOf(trigger, 'reject'));
    await first.link.close();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ inspected: 1, rejected: 1 });
    expect((await serverBench({}, file)).link.status()).toMatchObject({ inspected: 1, rejected: 1 });
    writeFileSync(file, '{"inspected":-1}');
    await expect(serverBench({}, file)).rejects.toMatchObject({ code: 'plc.counters-unreadable' });
  });

  it('answers publications with link-closed when it is closed under them', async () => {
    const { link, write } = await serverBench({ ackWaitMs: 5000 });
    const trigger = await announce(link, write, 1);
    const outcome = link.publish(verdictOf(trigger, 'reject'));
    await link.close();
    expect(await outcome).toEqual({ kind: 'refused', code: 'plc.link-closed' });
  });
});

describe('PLC link as client', () => {
  it('writes the words first and RESULT_VALID after them', async () => {
    const { link, plc, control } = await clientBench();
    control({ controlBits: running | c.TRIGGER, partSeq: 3, encoder: 77 });
    const trigger = await first(link);
    control({ controlBits: running });
    plc.seen.length = 0;
    expect(await link.publish(verdictOf(trigger, 'pass'))).toMatchObject({ kind: 'delivered' });
    const results = plc.seen.filter((reading) => reading.kind === 'valid' && reading.block.partSeq === 3);
    const valid = results.map((reading) => reading.kind === 'valid' && (reading.block.statusBits & 0x10) !== 0);
    expect(valid.slice(0, 2)).toEqual([false, true]);
  });

  it('refuses to publish without a connection', async () => {
    const { link, plc } = await clientBench();
    await plc.server.close();
    await until(() => !link.status().connected);
    const trigger = { partSeq: 1, encoder: 1, partId: '', recipeId: 1, triggeredAtMs: 0 };
    expect(await link.publish(verdictOf(trigger, 'pass'))).toEqual({ kind: 'refused', code: 'plc.not-connected' });
  });

  it('fault 13: reconnects to a PLC that restarts and resynchronises', async () => {
    const bench = await clientBench();
    const { port } = bench.plc.server;
    await bench.plc.server.close();
    await until(() => !bench.link.status().connected);
    const again = await plcServer(bench.words, port);
    closers.push(again.server.close);
    await until(() => bench.link.status().state === 'ready');
    bench.control({ controlBits: running | c.TRIGGER, partSeq: 1, encoder: 5 });
    const trigger = await first(bench.link);
    expect(await bench.link.publish(verdictOf(trigger, 'reject'))).toMatchObject({ kind: 'delivered' });
  });

  it('a write whose answer is lost is ambiguous and is never written again', async () => {
    const bench = await clientBench(
      { timeoutMs: 100 },
      (request) => request[7] === 16 && request.readUInt16BE(13 + 2 * 5) === 9,
    );
    bench.control({ controlBits: running | c.TRIGGER, partSeq: 9, encoder: 5 });
    const trigger = await first(bench.link);
    bench.control({ controlBits: running });
    expect(await bench.link.publish(verdictOf(trigger, 'pass'))).toEqual({
      kind: 'ambiguous',
      code: 'plc.write-timeout',
    });
    const shown = (): number =>
      bench.plc.seen.filter((reading) => reading.kind === 'valid' && reading.block.partSeq === 9).length;
    expect(shown()).toBe(1);
    bench.mend();
    await until(() => bench.link.status().state === 'ready');
    const valid = bench.plc.seen.filter(
      (reading) => reading.kind === 'valid' && (reading.block.statusBits & 0x10) !== 0,
    );
    expect(valid).toEqual([]);
  });

  it('refuses a PLC that has another register map', async () => {
    const foreign = await createModbusServer(serverOptions(0), {
      readBits: () => ({ ok: true, value: [] }),
      readWords: (_table, _address, quantity) => ({ ok: true, value: new Uint16Array(quantity).fill(0x1234) }),
      writeBits: () => null,
      writeWords: () => null,
      connected: () => undefined,
      disconnected: () => undefined,
    });
    closers.push(foreign.close);
    const link = await clientLink(foreign.port, {});
    await until(() => (link.status().faults['plc.wrong-map'] ?? 0) > 0);
    expect(link.status().connected).toBe(false);
  });
});

async function serverBench(extra: object = {}, file?: string) {
  const config = parseConfig(plcServerConfigSchema, { role: 'server', port: 0, ...extra }, 'spec');
  const counterStore = file === undefined ? createMemoryCounterStore() : createFileCounterStore(file);
  const link = await createServerPlcLink(config, { clock: systemClock, logger: silentLogger, counterStore });
  closers.push(link.close);
  link.setCondition(good);
  const client = await connectModbus(
    { host: '127.0.0.1', port: link.port, unitId: 1, timeoutMs: 1000, connectTimeoutMs: 1000 },
    never,
  );
  closers.push(client.close);
  const write = writer(client);
  await write({});
  await write({});
  return { link, client, write };
}

/** Each write is a new heartbeat. */
function writer(client: ModbusClient) {
  let heartbeat = 0;
  return async (change: Partial<ControlBlock>): Promise<void> => {
    heartbeat += 1;
    await client.writeHolding(0, encodeControlBlock({ ...idle, heartbeat, ...change }, 'high-first'));
  };
}

const idle: ControlBlock = {
  controlBits: running,
  heartbeat: 0,
  partSeq: 0,
  recipeId: 1,
  encoder: 0,
  partId: '',
  expectedMapVersion: 1,
};

async function announce(
  link: PlcLink,
  write: (change: Partial<ControlBlock>) => Promise<void>,
  partSeq: number,
): Promise<PartTrigger> {
  await write({ controlBits: running | c.TRIGGER, partSeq, encoder: 4_000_000_000 + partSeq, partId: `B${partSeq}` });
  await write({ partSeq });
  return first(link);
}

const iterators = new WeakMap<PlcLink, AsyncIterator<PartTrigger>>();
async function first(link: PlcLink): Promise<PartTrigger> {
  const iterator = iterators.get(link) ?? link.triggers(never)[Symbol.asyncIterator]();
  iterators.set(link, iterator);
  const next = await iterator.next();
  if (next.done === true) throw new Error('the triggers ended');
  return next.value;
}

function serverOptions(port: number) {
  return {
    host: '127.0.0.1',
    port,
    unitId: 1,
    maxConnections: 8,
    idleTimeoutMs: 30_000,
    allowedPeers: allowedPeerList([]),
  };
}

/** A PLC that only stores what the station writes. */
async function plcServer(words: () => Uint16Array, port: number) {
  const seen: ReturnType<typeof decodeStatusBlock>[] = [];
  const registers = createPlcRegisters({
    controlWords: words,
    onStatus: (status) => seen.push(decodeStatusBlock(status, 'high-first')),
    onStationGone: () => undefined,
  });
  return { server: await createModbusServer(serverOptions(port), registers), seen };
}

/** @param loseAnswers from the first request that it likes on, the answers of the PLC get lost on the way back */
async function clientBench(extra: object = {}, loseAnswers?: (request: Buffer) => boolean) {
  let block = idle;
  let heartbeat = 0;
  const words = (): Uint16Array => {
    heartbeat = (heartbeat + 1) & 0xffff;
    return encodeControlBlock({ ...block, heartbeat }, 'high-first');
  };
  const plc = await plcServer(words, 0);
  closers.push(plc.server.close);
  const wire = await lossyWire(plc.server.port, loseAnswers ?? (() => false));
  closers.push(wire.close);
  const link = await clientLink(loseAnswers === undefined ? plc.server.port : wire.port, extra);
  await until(() => link.status().state === 'ready');
  return {
    link,
    plc,
    words,
    mend: wire.mend,
    control: (change: Partial<ControlBlock>) => {
      block = { ...idle, ...change };
    },
  };
}

async function clientLink(port: number, extra: object): Promise<PlcLink> {
  const config = parseConfig(
    plcClientConfigSchema,
    { role: 'client', port, backoffMinMs: 20, backoffMaxMs: 100, ...extra },
    'spec',
  );
  const link = await createPlcLink(config, {
    clock: systemClock,
    logger: silentLogger,
    counterStore: createMemoryCounterStore(),
  });
  closers.push(link.close);
  link.setCondition(good);
  return link;
}

async function lossyWire(target: number, loseAnswers: (request: Buffer) => boolean) {
  const sockets = new Set<Socket>();
  let mended = false;
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: target });
    let losing = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (request: Buffer) => {
      losing ||= !mended && loseAnswers(request);
      far.write(request);
    });
    far.on('data', (answer: Buffer) => {
      if (!losing) near.write(answer);
    });
  });
  return {
    ...(await listening(server, sockets)),
    mend: () => {
      mended = true;
    },
  };
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

function verdictOf(trigger: PartTrigger, verdict: 'pass' | 'reject') {
  const numbers = {
    reasonCode: 0,
    defectClassMask: 0,
    defectCount: 0,
    topScore: 0.5,
    latencyMs: 9,
    inferenceMs: 7,
    modelHash16: 1,
  };
  return { partSeq: trigger.partSeq, encoder: trigger.encoder, verdict, ...numbers };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the condition did not come true');
}

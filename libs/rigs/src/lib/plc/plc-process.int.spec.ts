import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { parseConfig, silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { PlcLink, StationCondition, VerdictKind } from '@edge-blueprints/contracts';
import {
  createMemoryCounterStore,
  createPlcLink,
  createServerPlcLink,
  encoderAdd,
  plcClientConfigSchema,
  plcServerConfigSchema,
} from '@edge-blueprints/plc';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePlcArguments } from './plc-options.js';
import { createPlcProcess, plcCommandSchema } from './plc-process.js';
import type { PlcProcess } from './plc-process.js';

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
const countsPerMm = 10;
const cameraToGateMm = 200;
const cameraToGateCounts = cameraToGateMm * countsPerMm;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.each(['server', 'client'] as const)('PLC process, station as %s', (role) => {
  it('lets the passed parts through and nothing else', async () => {
    const bench = await start(role);
    const truth: readonly VerdictKind[] = ['pass', 'reject', 'error', 'review', 'pass'];
    const bins = await bench.run(truth);
    expect(bins).toEqual(['accept', 'reject', 'reject', 'reject', 'accept']);
    await bench.until(() => bench.parts().length === truth.length);
    expect(bench.parts().map((part) => part['verdict'])).toEqual(truth);
    expect(bench.parts().map((part) => [part['late'], part['fault']])).toEqual(truth.map(() => [false, null]));
    expect(bench.parts().every((part) => typeof part['coilAtMs'] === 'number')).toBe(true);
  });

  it('rejects every part while the PLC is gone and recovers by itself', async () => {
    const bench = await start(role);
    await bench.run(['pass']);
    bench.plc.command({ command: 'fault', name: 'gone', on: true });
    await bench.until(() => !bench.station.status().connected);
    expect(await bench.run(['pass'])).toEqual(['reject']);
    bench.plc.command({ command: 'fault', name: 'gone', on: false });
    await bench.until(() => bench.station.status().state === 'ready');
    expect(await bench.run(['pass', 'reject'])).toEqual(['accept', 'reject']);
  });

  it.each(['frozen-heartbeat', 'wrong-map', 'swap-words'] as const)(
    'passes nothing with the fault %s, and works again after it',
    async (name) => {
      const bench = await start(role);
      bench.plc.command({ command: 'fault', name, on: true });
      await bench.until(() => bench.station.status().state === 'offline');
      expect(await bench.run(['pass'])).toEqual(['reject']);
      bench.plc.command({ command: 'fault', name, on: false });
      await bench.until(() => bench.station.status().state === 'ready');
      expect(await bench.run(['pass'])).toEqual(['accept']);
    },
  );

  it('never passes a bad part with torn registers', async () => {
    const bench = await start(role);
    bench.plc.command({ command: 'fault', name: 'torn-registers', on: true, ms: 1 });
    const bins = await bench.run(['reject', 'pass', 'reject']);
    expect(bins.filter((_, index) => [0, 2].includes(index))).toEqual(['reject', 'reject']);
  });
});

describe('PLC process', () => {
  it('stops the line after three parts without an answer and starts it again on reset', async () => {
    const bench = await start('server', { answers: false });
    expect(await bench.run(['pass', 'pass', 'pass'])).toEqual(['reject', 'reject', 'reject']);
    expect(bench.belt()).toBe(false);
    bench.plc.command({ command: 'reset' });
    await bench.until(() => bench.belt());
  });

  it('refuses unknown commands', () => {
    expect(plcCommandSchema.safeParse({ command: 'fault', name: 'on-fire' }).success).toBe(false);
    expect(plcCommandSchema.safeParse({ command: 'fault', name: 'gone', ms: -1 }).success).toBe(false);
    expect(plcCommandSchema.parse({ command: 'fault', name: 'gone' })).toEqual({
      command: 'fault',
      name: 'gone',
      on: true,
    });
  });

  it('lists every wrong argument at once', () => {
    const wrong = ['--role', 'foo', '--wiring', 'nowhere', '--scan-ms', '0'];
    expect(() => parsePlcArguments(wrong)).toThrow(/--role foo[\s\S]*--wiring nowhere[\s\S]*--scan-ms 0/);
    expect(() => parsePlcArguments(['--colour', 'red'])).toThrow(/--colour/);
    const client = parsePlcArguments([
      '--role',
      'client',
      '--listen',
      '127.0.0.1:0',
      '--wiring',
      '127.0.0.1:9',
      '--auto-reset-ms',
      '0',
    ]);
    expect(client.process).toMatchObject({ modbus: { role: 'client', listen: { port: 0 } }, autoResetMs: null });
  });
});

/** A line of one lane with the smallest wiring server, a station that answers as told, and the PLC process between them. */
async function start(role: 'server' | 'client', options: { readonly answers?: boolean } = {}) {
  const events: Readonly<Record<string, unknown>>[] = [];
  const line = await tinyLine();
  const deps = {
    clock: systemClock,
    logger: silentLogger,
    emit: (event: Readonly<Record<string, unknown>>) => events.push(event),
  };
  const linkDeps = { clock: systemClock, logger: silentLogger, counterStore: createMemoryCounterStore() };
  const common = { wiring: { host: '127.0.0.1', port: line.port }, scanMs: 1, autoResetMs: null };
  let station: PlcLink;
  let plc: PlcProcess;
  if (role === 'server') {
    const link = await createServerPlcLink(
      parseConfig(plcServerConfigSchema, { role, port: 0, simulated: true }, 'spec'),
      linkDeps,
    );
    station = link;
    plc = await createPlcProcess(
      { ...common, modbus: { role, station: { host: '127.0.0.1', port: link.port } } },
      deps,
    );
  } else {
    plc = await createPlcProcess({ ...common, modbus: { role, listen: { host: '127.0.0.1', port: 0 } } }, deps);
    const port = plc.ports['modbus'] ?? 0;
    const config = parseConfig(plcClientConfigSchema, { role, port, backoffMinMs: 20, backoffMaxMs: 100 }, 'spec');
    station = await createPlcLink(config, linkDeps);
  }
  const stop = new AbortController();
  closers.push(async () => {
    stop.abort();
    await station.close();
    await plc.close();
    await line.close();
  });
  station.setCondition(good);
  const verdicts = new Map<string, VerdictKind>();
  void (async () => {
    for await (const trigger of station.triggers(stop.signal)) {
      if (options.answers === false) continue;
      const verdict = verdicts.get(trigger.partId) ?? 'error';
      const numbers = {
        reasonCode: 0,
        defectClassMask: 0,
        defectCount: 0,
        topScore: 0,
        latencyMs: 1,
        inferenceMs: 1,
        modelHash16: 1,
      };
      void station.publish({ partSeq: trigger.partSeq, encoder: trigger.encoder, verdict, ...numbers });
    }
  })();
  await until(() => station.status().state === 'ready' && line.wired());
  return {
    plc,
    station,
    until,
    belt: line.belt,
    parts: () => events.filter((event) => event['event'] === 'part'),
    /** One part after the other, 200 mm from eye to gate. */
    run: async (truth: readonly VerdictKind[]) => {
      const bins: string[] = [];
      for (const verdict of truth) {
        const part = line.nextPart();
        verdicts.set(part.partId, verdict);
        const inspected = station.status().inspected;
        // The belt is long enough for a busy machine: it stands until the station has spoken, or for 250 ms.
        const spoken = () => until(() => station.status().inspected > inspected, 250).catch(() => undefined);
        bins.push(await line.convey(part, spoken));
      }
      return bins;
    },
  };
}

async function tinyLine() {
  let wire: Socket | null = null;
  let coil = false;
  let belt = true;
  let encoder = 0xffff_fe00;
  let n = 0;
  const server = createServer((socket) => {
    wire = socket;
    coil = false;
    let pending = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      for (const text of lines) {
        const message: { t: string; on?: boolean; run?: boolean } = JSON.parse(text);
        if (message.t === 'accept-coil') coil = message.on === true;
        if (message.t === 'belt') belt = message.run === true;
      }
    });
    socket.on('error', () => undefined);
    send({ t: 'config', countsPerMm, cameraToGateMm, beltMmPerS: 1000, valveDelayMs: 2 });
  });
  const send = (message: object): void => {
    wire?.write(`${JSON.stringify({ ...message, atMs: systemClock.monotonicMs() })}\n`);
  };
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
  return {
    port,
    wired: () => wire !== null,
    belt: () => belt,
    nextPart: () => {
      n += 1;
      return { n, partId: `T${n}` };
    },
    convey: async (part: { readonly n: number; readonly partId: string }, underTheCamera: () => Promise<void>) => {
      const start = encoder;
      send({ t: 'eye', ...part, encoder, productId: 'p', recipe: 1 });
      send({ t: 'encoder', encoder });
      await underTheCamera();
      for (let moved = 0; moved < cameraToGateCounts; moved += 50) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        encoder = encoderAdd(encoder, 50);
        send({ t: 'encoder', encoder });
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      send({ t: 'gate-eye', n: part.n, encoder: encoderAdd(start, cameraToGateCounts) });
      const bin = coil ? 'accept' : 'reject';
      send({ t: `${bin}-eye`, n: part.n });
      encoder = encoderAdd(encoder, 400);
      send({ t: 'encoder', encoder });
      await new Promise((resolve) => setTimeout(resolve, 10));
      return bin;
    },
    close: async () => {
      wire?.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function until(condition: () => boolean, withinMs = 3000): Promise<void> {
  const deadline = systemClock.monotonicMs() + withinMs;
  while (!condition()) {
    if (systemClock.monotonicMs() > deadline) throw new Error(`the condition did not come true within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0;
}

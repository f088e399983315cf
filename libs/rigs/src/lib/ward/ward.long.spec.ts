import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import {
  accelerationBatchSchema,
  parseWearableTopic,
  silentLogger,
  systemClock,
  vitalSampleSchema,
  wearableStateSchema,
} from '@edge-blueprints/contracts';
import { afterEach, expect, it, vi } from 'vitest';
import { startWard } from './ward.js';
import { wardCommandSchema, wardOptionsSchema } from './ward-options.js';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startBroker() {
  const broker = await Aedes.createBroker({ concurrency: 1_000 });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return new Promise<void>((resolve) => broker.close(() => resolve()));
  });
  const seen = new Map<string, number>();
  const states: { device: string; online: boolean; retain: boolean }[] = [];
  let refused = 0;
  broker.on('publish', ({ topic, payload, retain }) => {
    const parsed = parseWearableTopic(topic);
    if (parsed === undefined) return;
    try {
      const value: unknown = JSON.parse(payload.toString());
      if (parsed.channel === 'state')
        return void states.push({ device: parsed.device, retain, online: wearableStateSchema.parse(value).online });
      const { boot, seq } = (parsed.channel === 'acc' ? accelerationBatchSchema : vitalSampleSchema).parse(value);
      const key = `${parsed.device} ${boot} ${seq}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    } catch {
      refused += 1;
    }
  });
  const { port } = server.address() as AddressInfo;
  return { url: `mqtt://127.0.0.1:${port}`, seen, states, refused: () => refused };
}

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

it(
  'a ward of wearables delivers every sample once through cut links, keeps its will, and tells the truth of a story',
  { timeout: 40_000 },
  async () => {
    const { url, seen, states, refused } = await startBroker();
    const events: Readonly<Record<string, unknown>>[] = [];
    const options = wardOptionsSchema.parse({
      broker: url,
      patients: 4,
      seed: 7,
      rate: 4,
      stories: 'none',
      replayPerSecond: 400,
    });
    const ward = await startWard(options, {
      clock: systemClock,
      log: silentLogger,
      emit: (event) => events.push(event),
    });
    closing.push(() => ward.close());
    const obey = (command: unknown): Promise<void> => ward.obey(wardCommandSchema.parse(command));
    await eventually(() => expect(ward.totals().connected).toBe(4));
    await obey({ command: 'story', name: 'probe-off', patients: [2], holdS: 1 });
    await eventually(() => expect(seen.size).toBeGreaterThan(40));

    await obey({ command: 'fault', name: 'link-cut', patients: [1, 3], on: true });
    // The connections were reset, so the broker speaks the last will of both.
    await eventually(() =>
      expect(
        states
          .filter(({ online }) => !online)
          .map(({ device }) => device)
          .sort(),
      ).toEqual(['w-0001', 'w-0003']),
    );
    expect(ward.totals().connected).toBe(2);
    await eventually(() => expect(ward.totals().waiting).toBeGreaterThan(20));
    await obey({ command: 'fault', name: 'link-cut', patients: [1, 3], on: false });
    await eventually(() => expect(ward.totals()).toMatchObject({ connected: 4, connects: 6 }));
    await obey({ command: 'malformed', patients: [4] });
    await eventually(() => expect(refused()).toBe(16));
    await eventually(() => expect(ward.totals().waiting).toBeLessThan(8));
    await eventually(() => expect(events).toContainEqual(expect.objectContaining({ kind: 'story-ended' })));
    expect(ward.totals().dropped).toBe(0);
    await obey({ command: 'story', name: 'flat-battery', patients: [2], riseS: 1, holdS: 1 });
    const ofSecond = (online: boolean) =>
      states.filter((state) => state.device === 'w-0002' && state.online === online);
    await eventually(() => expect(ofSecond(false)).toHaveLength(1));
    await eventually(() =>
      expect(
        new Set([...seen.keys()].flatMap((key) => (key.startsWith('w-0002') ? [key.split(' ')[1]] : []))).size,
      ).toBe(2),
    );
    await ward.close();

    const { made, acknowledged, dropped, waiting } = ward.totals();
    expect(acknowledged + dropped + waiting).toBe(made);
    // What was on the way when the link was cut may have come twice; nothing that was acknowledged is missing.
    expect(seen.size).toBeGreaterThanOrEqual(acknowledged);
    expect(seen.size).toBeLessThanOrEqual(made);
    expect(states.every(({ retain }) => retain)).toBe(true);
    const truths = events.filter(({ event }) => event === 'truth');
    expect(truths.map(({ kind, condition, bed }) => [kind, condition ?? null, bed])).toEqual(
      expect.arrayContaining([
        ['story-began', null, 'bed/02'],
        ['crossing-held', 'lead-off', 'bed/02'],
        ['story-ended', null, 'bed/02'],
      ]),
    );
    expect(ward.roster[0]).toMatchObject({ bed: 'bed/01', device: 'w-0001' });
  },
);

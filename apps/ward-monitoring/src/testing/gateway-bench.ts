import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAppendFile } from '@edge-blueprints/audit';
import { createEmbeddedBroker, wardTopicRules } from '@edge-blueprints/broker';
import { connectRawClient, publishPacket, type RawMqttClient } from '@edge-blueprints/broker/testing';
import {
  createJsonLogger,
  silentLogger,
  systemClock,
  wearableTopic,
  type AlarmSnapshot,
  type AuditEntry,
  type WardRole,
  type WardView,
} from '@edge-blueprints/contracts';
import { putWardUser } from '../access/ward-users.js';
import { readWardConfig } from '../config.js';
import { type OpenListener, openWardGateway, type WardGateway } from '../open-gateway.js';
import type { ClockReading } from '../self/clock-reading.js';
import { readStateFile, writeStateFile } from '../ward/state-files.js';
import { machineSurroundings } from '../ward-surroundings.js';
import { z } from 'zod';

export const benchPin = '271828';
export const benchUsers = {
  'n.adams': 'nurse',
  'n.brown': 'nurse',
  'c.baker': 'charge-nurse',
  'p.clark': 'physician',
  't.davis': 'technical',
  'a.evans': 'auditor',
  'm.frost': 'admin',
} as const satisfies Readonly<Record<string, WardRole>>;
export type BenchUser = keyof typeof benchUsers;

/** The answer to one request; the body as it came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Person {
  readonly cookie: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** A gateway with a broker, three beds, people of every role, and with clocks, disk and room that a test can bend. */
export async function openGatewayBench(more: Readonly<Record<string, unknown>> = {}, listener?: OpenListener) {
  const folder = mkdtempSync(join(tmpdir(), 'ward-bench-'));
  const file = join(folder, 'ward.json');
  const logLines: string[] = [];
  const bent = {
    passedMs: 0,
    wallMs: 0,
    freeBytes: 1e12,
    diskFull: false,
    reading: undefined as ClockReading | undefined,
  };
  const clock = {
    monotonicMs: () => systemClock.monotonicMs() + bent.passedMs,
    epochMs: () => systemClock.epochMs() + bent.passedMs + bent.wallMs,
  };
  const startBroker = (port: number) =>
    createEmbeddedBroker({
      listeners: [{ host: '127.0.0.1', port, tls: null, plain: true }],
      rules: wardTopicRules('north', 'w-4'),
      clock: systemClock,
      log: silentLogger,
    });
  let broker = await startBroker(0);
  const mqttPort = broker.listeners[0]?.port ?? 0;
  writeFileSync(
    file,
    JSON.stringify({
      ...{ site: 'north', ward: 'w-4', simulated: true, clock: 'trusted' },
      beds: ['01', '02', '03'].map((number) => ({ bed: `bed/${number}`, label: `Bed ${number}` })),
      admissions: [{ bed: 'bed/01', device: 'w-0001', name: 'Canary Person', ageYears: 70 }],
      chain: [{ id: 'n.adams', role: 'nurse' }],
      broker: { kind: 'mqtt', url: `mqtt://127.0.0.1:${mqttPort}`, tls: null },
      watch: { watch: { noticeMs: 0 } },
      ...{ usersFile: './users.json', stateFolder: './state', dashboard: { port: 0 } },
      audit: { folder: './audit', keyFolder: './keys' },
      ...more,
    }),
  );
  const config = readWardConfig(file);
  // One hash for all: a slow hash for each of them is not what is tested.
  await putWardUser(config.usersFile, 'n.adams', 'nurse', benchPin);
  const stored = readStateFile(config.usersFile, z.object({ users: z.array(z.object({ pinHash: z.string() })) }));
  const pinHash = stored?.users[0]?.pinHash ?? '';
  const putUsers = (users: Readonly<Record<string, string>>): void =>
    writeStateFile(config.usersFile, { users: Object.entries(users).map(([name, role]) => ({ name, role, pinHash })) });
  putUsers(benchUsers);
  const openTrailFile: OpenAppendFile = async (path) => {
    const handle = await open(path, 'a', 0o600);
    return {
      write: async (bytes) => {
        if (bent.diskFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        await handle.writeFile(bytes);
      },
      sync: () => handle.datasync(),
      cut: (length) => handle.truncate(length),
      close: () => handle.close(),
    };
  };
  const log = createJsonLogger({ write: (text) => logLines.push(text) > 0, now: () => Date.now() });
  const machine = machineSurroundings(log, true);
  const start = (): Promise<WardGateway> =>
    openWardGateway(
      config,
      {
        ...{ ...machine, clock, openTrailFile, freeRoom: () => Promise.resolve(bent.freeBytes) },
        readClock: () => (bent.reading === undefined ? machine.readClock() : Promise.resolve(bent.reading)),
      },
      listener,
    );
  let gateway = await start();
  const clients: RawMqttClient[] = [];
  const at = (path: string): string => `http://127.0.0.1:${gateway.pagePort}${path}`;
  const call = async (method: string, path: string, body?: unknown, cookie = ''): Promise<Answer> => {
    const reply = await fetch(at(path), {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, text: await reply.text() };
  };
  const view = async (): Promise<WardView> => JSON.parse((await call('GET', '/api/view')).text) as WardView;
  const signIn = async (name: string): Promise<Person> => {
    const answer = await fetch(at('/api/session'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, pin: benchPin }),
    });
    if (answer.status !== 200) throw new Error(`${name} was not let in: ${await answer.text()}`);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return { cookie, call: (method, path, body) => call(method, path, body, cookie) };
  };
  let seq = 0;
  let mark = 4;
  return {
    ...{ folder, config, bent, logLines, putUsers, call, view, signIn, mqttPort },
    gateway: () => gateway,
    pass: (ms: number): void => void (bent.passedMs += ms),
    /** A wearable by hand. It takes part until it is destroyed, which its will tells. */
    async wearable(device: string) {
      const identity = { site: 'north', ward: 'w-4', device };
      const will = { topic: wearableTopic(identity, 'state'), payload: '{"boot":"b1","online":false}', retain: true };
      const { client, returnCode } = await connectRawClient(mqttPort, { clientId: `north.${device}`, will });
      if (returnCode !== 0) throw new Error(`${device} was refused with ${returnCode}`);
      clients.push(client);
      const say = (channel: 'hr' | 'spo2' | 'rr' | 'state', body: unknown): void =>
        client.send(
          publishPacket(wearableTopic(identity, channel), Buffer.from(JSON.stringify(body)), {
            id: 1 + (seq % 60_000),
            retain: channel === 'state',
          }),
        );
      return {
        client,
        sample: (
          channel: 'hr' | 'spo2' | 'rr',
          v: number | null,
          extra: Readonly<Record<string, unknown>> = {},
        ): void =>
          say(channel, {
            boot: 'b1',
            seq: seq++,
            tDevMs: Math.round(clock.epochMs() - bent.wallMs),
            v,
            q: 95,
            status: [],
            ...extra,
          }),
        state: (extra: Readonly<Record<string, unknown>>): void => {
          seq += 1;
          say('state', { boot: 'b1', online: true, ...extra });
        },
        raw: (topic: string, text: string): void => {
          seq += 1;
          client.send(publishPacket(topic, Buffer.from(text), { id: 1 + (seq % 60_000) }));
        },
      };
    },
    /** Waits until the view has such an alarm; meanwhile time goes by four times as fast. */
    async alarm(condition: string, subject: string, wanted = true): Promise<AlarmSnapshot | undefined> {
      for (const startMs = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
        bent.passedMs += 150;
        const { alarms } = await view();
        const found = alarms.find((one) => one.condition === condition && one.subject === subject);
        const isActive = found !== undefined && found.phase !== 'latched';
        if (isActive === wanted) return found;
        if (Date.now() - startMs > 15_000)
          throw new Error(
            `${condition} of ${subject} is ${String(!wanted)}; there are ${alarms.map((one) => `${one.subject} ${one.condition} ${one.phase}`).join(', ')}`,
          );
      }
    },
    /** What the trail holds, read by an auditor, once all of it is under a checkpoint. */
    async entries(auditor: Person, search = ''): Promise<readonly AuditEntry[]> {
      const find = async (words: string): Promise<readonly AuditEntry[]> => {
        const { text } = await auditor.call('GET', `/api/audit?limit=500&search=${encodeURIComponent(words)}`);
        return (JSON.parse(text) as { entries: AuditEntry[] }).entries;
      };
      // An entry of its own, behind all that is asked for: once that is under a checkpoint, so is the rest.
      mark += 1;
      const { status } = await auditor.call('GET', `/api/audit/${mark}/evidence`);
      if (status !== 200) throw new Error(`entry ${mark} has no evidence yet: ${status}`);
      while (!(await find('export')).some(({ object }) => object === `entry ${mark}`)) {
        bent.passedMs += 1_000;
        await new Promise((resolve) => setTimeout(resolve, 260));
      }
      return find(search);
    },
    async stopBroker(): Promise<void> {
      await broker.close();
    },
    async startBroker(): Promise<void> {
      broker = await startBroker(mqttPort);
    },
    async reopen(): Promise<void> {
      await gateway.close();
      gateway = await start();
    },
    async close(): Promise<void> {
      for (const client of clients) client.destroy();
      bent.diskFull = false;
      await gateway.close();
      await broker.close().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type GatewayBench = Awaited<ReturnType<typeof openGatewayBench>>;

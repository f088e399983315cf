// The gateway of a ward as a process of its own that a suite can disturb, and what it leaves on its disk.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlarmAct, WardView } from '@edge-blueprints/contracts';
import { putWardUser } from '../../apps/ward-monitoring/src/access/ward-users.js';
import { follow, type Process } from '../privacy/followed-process.js';

const root = join(import.meta.dirname, '../..');
export const site = 'north';
export const ward = 'w-4';
const people = [
  { name: 'n.adams', role: 'nurse', pin: '271828' },
  { name: 'n.brown', role: 'nurse', pin: '141421' },
  { name: 'a.auditor', role: 'auditor', pin: '314159' },
] as const;
type PersonName = (typeof people)[number]['name'];

export const two = (number: number): string => String(number).padStart(2, '0');
export const deviceOf = (number: number): string => `w-${String(number).padStart(4, '0')}`;

/** Alarms sound at once and end soon, so that seconds suffice for what takes minutes on a ward. */
export async function writeWard(
  folder: string,
  beds: number,
  brokerPort: number,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const numbers = Array.from({ length: beds }, (_, i) => i + 1);
  const file = join(folder, 'ward.json');
  const atOnce = { delayMs: 0 };
  const config = {
    ...{ site, ward, simulated: true, clock: 'trusted' },
    beds: numbers.map((n) => ({ bed: `bed/${two(n)}`, label: `Bed ${n}` })),
    admissions: numbers.map((n) => ({
      ...{ bed: `bed/${two(n)}`, device: deviceOf(n), name: `Patient ${n}`, ageYears: 70 },
    })),
    chain: [
      { id: 'n.adams', role: 'nurse' },
      { id: 'n.brown', role: 'nurse' },
    ],
    broker: { kind: 'mqtt', url: `mqtt://127.0.0.1:${brokerPort}` },
    alarms: { conditions: { 'spo2-low': atOnce, 'spo2-very-low': atOnce, 'pulse-high': atOnce } },
    watch: {
      watch: { noticeMs: 0, clearAfterMs: 1_000, movingDelayMs: 0, movingUrgentDelayMs: 0, staleMs: 5_000 },
    },
    ingest: { replayedMs: 5_000 },
    usersFile: './users.json',
    stateFolder: './state',
    audit: { folder: './audit', keyFolder: './keys' },
    dashboard: { port: 0 },
    ...settings,
  };
  writeFileSync(file, JSON.stringify(config, null, 1));
  for (const { name, role, pin } of people) await putWardUser(join(folder, 'users.json'), name, role, pin);
  return file;
}

export const run = (file: string, args: readonly string[]): Process =>
  follow(
    spawn(process.execPath, ['--conditions=@edge-blueprints/source', '--import', 'tsx', join(root, file), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );

export interface Person {
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** @returns the gateway's words where it refuses, 'done' otherwise; what no answer came for is 'unknown' */
  act(act: AlarmAct): Promise<string>;
}

export interface Gateway {
  readonly process: Process;
  readonly origin: string;
  view(): Promise<WardView>;
  signIn(name: PersonName): Promise<Person>;
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

/** Starts the bundled program and does not wait until it is ready. */
export const spawnGateway = (program: string, config: string): Process =>
  follow(spawn(process.execPath, [program, '--config', config, '--supervised'], { stdio: ['pipe', 'pipe', 'pipe'] }));

export async function readyGateway(process: Process): Promise<Gateway> {
  const ready = await process.event('ready', 60_000);
  const ports: unknown = ready['ports'];
  const page = typeof ports === 'object' && ports !== null && 'page' in ports ? Number(ports.page) : 0;
  const origin = `http://127.0.0.1:${page}`;
  const call = async (cookie: string, method: string, path: string, body?: unknown) => {
    const reply = await fetch(origin + path, {
      method,
      headers: { cookie, origin, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(20_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await reply.json().catch(() => null);
    return { status: reply.status, body: answer, cookie: reply.headers.get('set-cookie')?.split(';')[0] ?? '' };
  };
  return {
    process,
    origin,
    view: async () => (await (await fetch(`${origin}/api/view`)).json()) as WardView,
    async signIn(name) {
      const pin = people.find((person) => person.name === name)?.pin ?? '';
      const { cookie, status } = await call('', 'POST', '/api/session', { name, pin });
      if (cookie === '') throw new Error(`${name} could not sign in: ${status}`);
      return {
        call: (method, path, body) => call(cookie, method, path, body),
        act: async (act) => {
          try {
            const { status: code, body } = await call(cookie, 'POST', '/api/alarms/act', act);
            const answer = body as { outcome?: string; why?: string; message?: string } | null;
            return answer?.outcome === 'done' ? 'done' : `${code} ${answer?.why ?? answer?.message ?? ''}`;
          } catch {
            return 'unknown';
          }
        },
      };
    },
    async kill() {
      await process.stop(() => void process.child.kill('SIGKILL'));
    },
    stop: () => process.stop(() => process.child.stdin?.end('{"command":"stop"}\n')),
  };
}

export const openGateway = (program: string, config: string): Promise<Gateway> =>
  readyGateway(spawnGateway(program, config));

export interface TrailEntry {
  readonly seq: number;
  readonly type: string;
  readonly actor: { readonly id: string };
  readonly object?: string;
  readonly reason?: string;
  readonly outcome: string;
  readonly links?: Readonly<Record<string, string>>;
  readonly subject?: { readonly pseudonym: string };
}

/** Everything in the trail that has all of these words, oldest first. */
export async function readTrail(auditor: Person, search: string): Promise<readonly TrailEntry[]> {
  const all: TrailEntry[] = [];
  for (let before: number | undefined; ;) {
    const from = before === undefined ? '' : `&before=${before}`;
    const { body } = await auditor.call('GET', `/api/audit?limit=500&search=${encodeURIComponent(search)}${from}`);
    const { entries } = body as { readonly entries: readonly TrailEntry[] };
    all.push(...entries);
    const oldest = entries.at(-1)?.seq ?? 0;
    if (entries.length < 500 || oldest === 0) return all.reverse();
    before = oldest;
  }
}

/** The public key that the log is verified by, made at the first start. */
export const vkeyOf = (folder: string): string => readFileSync(join(folder, 'keys', 'log.key.vkey'), 'utf8').trim();

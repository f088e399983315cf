import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { FleetEventData } from '@edge-blueprints/contracts';
import { openTelemetryUplink, uplinkConfigSchema } from '@edge-blueprints/telemetry';
import type { TelemetryUplink } from '@edge-blueprints/telemetry';
import { hubConfigSchema } from '../../config.js';
import type { HubConfig } from '../../config.js';
import type { HubDeps } from '../hub-deps.js';

export interface TestFolder {
  readonly folder: string;
  readonly file: (name: string) => string;
  remove(): void;
}

export function testFolder(): TestFolder {
  const folder = mkdtempSync(join(tmpdir(), 'hub-'));
  return {
    folder,
    file: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A configuration on free ports, everything in one folder. */
export function testConfig({ file }: TestFolder, more: Record<string, unknown> = {}): HubConfig {
  return hubConfigSchema.parse({
    store: { kind: 'pglite', folder: file('store') },
    broker: { kind: 'embedded', port: 0 },
    identity: { revocationsFile: file('revocations.jsonl') },
    dashboard: { port: 0 },
    page: { folder: file('page') },
    ...more,
  });
}

export function testDeps(more: Partial<HubDeps> = {}): HubDeps {
  let tokens = 0;
  return {
    role: 'all',
    worker: 'ingest',
    version: '0.0.0',
    clock: systemClock,
    random: createRandom(1),
    log: silentLogger,
    newToken: () => `token-${(tokens += 1)}`,
    variable: (name) => (name === 'EDGE_HUB_ADMIN_PASSWORD' ? testPassword : undefined),
    ...more,
  };
}

export const testPassword = 'nine blue presses';

export interface TestDevice {
  readonly uplink: TelemetryUplink;
  /** Numbers of parts that were stored for sure. */
  parts(count: number): Promise<void>;
  /** Waits until the hub has acknowledged everything; false when it does not in time. */
  drained(timeoutMs: number): Promise<boolean>;
}

/** A device with the client code and the outbox file that a station has. */
export async function testDevice(
  url: string,
  identity: { readonly site: string; readonly device: string },
  { file }: TestFolder,
  tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | null = null,
): Promise<TestDevice> {
  const config = uplinkConfigSchema.parse({
    url,
    ...identity,
    tls,
    ackTimeoutMs: 1_000,
    outbox: { file: file(`${identity.site}.${identity.device}.sqlite`), groupMs: 10 },
  });
  const random = createRandom(identity.device.length);
  const uplink = await openTelemetryUplink(config, { clock: systemClock, random, log: silentLogger, simulated: true });
  let made = 0;
  return {
    uplink,
    parts: async (count) => {
      const appends = Array.from({ length: count }, () => {
        made += 1;
        return uplink.append({
          type: 'edge-blueprints.part-inspected.v1',
          deliveryClass: 'business',
          data: part(made),
        });
      });
      await Promise.all(appends);
    },
    drained: async (timeoutMs) => {
      const untilMs = systemClock.monotonicMs() + timeoutMs;
      for (;;) {
        const { pending } = (await uplink.stats()).outbox;
        if (pending.critical + pending.business + pending.metric === 0) return true;
        if (systemClock.monotonicMs() > untilMs) return false;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

function part(n: number): FleetEventData<'edge-blueprints.part-inspected.v1'> {
  return {
    resultId: `r-${n}`,
    partId: `p-${n}`,
    productId: 'board',
    verdict: n % 10 === 0 ? 'reject' : 'pass',
    reason: '',
    reasonCode: 0,
    abstained: false,
    scores: {},
    captureToActMs: 20,
    modelRunMs: 10,
    bundleVersion: '1.0.0',
    variant: 'int8',
    provider: 'cpu',
  };
}

/** The hub's API as a signed-in admin. */
export async function signIn(pagePort: number) {
  const base = `http://127.0.0.1:${pagePort}`;
  const signedIn = await fetch(`${base}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ user: 'admin', password: testPassword }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const session: unknown = await signedIn.json();
  const token =
    typeof session === 'object' && session !== null && 'csrfToken' in session ? String(session.csrfToken) : '';
  return {
    get: async (path: string): Promise<unknown> => (await fetch(`${base}${path}`, { headers: { cookie } })).json(),
    text: async (path: string): Promise<string> => (await fetch(`${base}${path}`, { headers: { cookie } })).text(),
    post: async (path: string, body: unknown): Promise<number> => {
      const headers = { cookie, origin: base, 'x-csrf-token': token, 'content-type': 'application/json' };
      return (await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    },
  };
}

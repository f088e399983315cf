import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { FhirResource, SendOutcome } from '@edge-blueprints/clinical-io';
import { createRandom, silentLogger } from '@edge-blueprints/contracts';
import { afterAll, expect, it, vi } from 'vitest';
import { createMemoryTrail } from '../testing/memory-trail.js';
import { fhirConfigSchema } from './fhir-config.js';
import { fhirListener } from './fhir-listener.js';
import { openFhirExchange } from './open-fhir-exchange.js';

const folder = mkdtempSync(join(tmpdir(), 'fhir-exchange-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const minuteMs = 60_000;
const downMinutes = 480;
const beds = ['bed/01', 'bed/02'];

/** Time that stands still until it is moved. */
function virtualTime() {
  let nowMs = 0;
  const sleepers = new Set<{ readonly dueMs: number; readonly wake: () => void }>();
  return {
    nowMs: () => nowMs,
    sleep: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        sleepers.add({ dueMs: nowMs + ms, wake });
        signal.addEventListener('abort', wake, { once: true });
      }),
    advance: async (ms: number): Promise<void> => {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.dueMs > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await turn();
    },
  };
}

it('drains eight hours of a server that was down: nothing lost, nothing twice, in order, the poison aside', async () => {
  const time = virtualTime();
  const trail = createMemoryTrail();
  const kept = new Map<string, string[]>();
  let sends = 0;
  let isUp = false;
  const connection = {
    send: (resources: readonly FhirResource[]): Promise<SendOutcome> => {
      sends += 1;
      if (!isUp) return Promise.resolve({ kind: 'later', status: 503, reason: 'down' });
      if (resources.some((one) => JSON.stringify(one).includes('41.7')))
        return Promise.resolve({ kind: 'refused', status: 422, reason: 'HTTP 422: too hot' });
      for (const one of resources) {
        const name = `${one.resourceType}/${one.id}`;
        kept.set(name, [...(kept.get(name) ?? []), JSON.stringify(one)]);
      }
      // Written, but the answer is lost: the same bundle comes again.
      return Promise.resolve(sends % 7 === 0 ? { kind: 'later', reason: 'reset' } : { kind: 'written' });
    },
  };
  const config = fhirConfigSchema.parse({ mode: 'server', baseUrl: 'https://fhir.example/r4' });
  if (config.mode !== 'server') throw new TypeError('not a server');
  let boots = 0;
  const open = async () => {
    const exchange = await openFhirExchange({
      config,
      folder,
      ward: { site: 'north', ward: 'w3', patientSince: () => 0, chainOf: () => [] },
      nowMs: time.nowMs,
      clock: { monotonicMs: time.nowMs, epochMs: () => 1_760_000_000_000 + time.nowMs() },
      random: createRandom(1),
      newId: () => `boot-${boots++}`,
      sleep: time.sleep,
      trail,
      log: silentLogger,
      connection,
    });
    const stop = new AbortController();
    const done = exchange.run(stop.signal);
    const end = async (): Promise<void> => {
      stop.abort();
      await done;
      await exchange.close();
    };
    return { ...exchange, end };
  };
  let ward = await open();
  const flagVersions = 40;
  for (let minute = 0, seq = 0; minute < downMinutes; minute++) {
    for (const bed of beds)
      for (const parameter of ['pulse', 'oxygenSaturation', 'respiration'] as const) {
        const device = `w-${bed.slice(4)}`;
        ward.recorder.event({
          kind: 'vital',
          parameter,
          device,
          bed,
          id: `${device}/b/${seq}`,
          seq: seq++,
          receivedMs: time.nowMs(),
          measuredMs: time.nowMs(),
          deviceMs: 0,
          order: 'live',
          deviceClock: 'good',
          value: '70',
          quality: 90,
          status: [],
        });
      }
    if (minute < flagVersions) ward.recorder.transitions([update(minute, time.nowMs())]);
    if (minute === 100)
      ward.recorder.observation({
        bed: 'bed/01',
        by: 'n-1',
        atMs: time.nowMs(),
        observation: { temperatureCelsius: '41.7', systolicMmHg: '120' },
      });
    ward.recorder.tick();
    await time.advance(minuteMs);
    if (minute === 240) {
      await ward.end();
      ward = await open();
    }
  }
  await ward.recorder.finish();
  expect(kept.size).toBe(0);
  const { queue } = await ward.status();
  expect(queue).toMatchObject({ droppedForAge: 0, droppedForRoom: 0, refused: 0 });
  expect(queue.waiting).toBeGreaterThan(beds.length * 3 * downMinutes);

  isUp = true;
  for (let look = 0; ward.waiting() > 0 && look < 5_000; look++) {
    await time.advance(1_000);
    // The queue answers in turn: what the writer asked of it before is done then.
    await ward.status();
  }
  const status = await ward.status();
  expect(status.queue).toMatchObject({ waiting: 0, aside: 1, droppedForAge: 0, droppedForRoom: 0 });
  expect(status.writer).toMatchObject({ quarantined: 1 });
  expect(trail.drafts.map(({ type, object }) => [type, object?.split('/')[0]])).toEqual([
    ['fhir.quarantine', 'Observation'],
  ]);
  await ward.end();

  const named = (type: string) => [...kept].filter(([name]) => name.startsWith(`${type}/`));
  // A summary for each signal and minute, the restart in between or not, and the blood pressure.
  expect(named('Observation')).toHaveLength(beds.length * 3 * downMinutes + 1);
  for (const [, versions] of named('Observation')) expect(new Set(versions).size).toBe(1);
  const [flag] = named('Flag');
  const texts = (flag?.[1] ?? []).map((text): string => JSON.parse(text).code.text);
  expect(texts.filter((text, at) => text !== texts[at - 1])).toEqual(
    Array.from({ length: flagVersions }, (_, at) => `version ${at}`),
  );
  // One AuditEvent for each record that was written and one for the refusal; none for summaries and for AuditEvents.
  const audits = named('AuditEvent').map(([, versions]): Readonly<Record<string, unknown>> =>
    JSON.parse(versions[0] ?? ''),
  );
  expect(audits.filter(({ outcome }) => outcome === '8')).toHaveLength(1);
  expect(audits.filter((one) => JSON.stringify(one).includes(flag?.[0] ?? '-'))).toHaveLength(flagVersions);
}, 60_000);

const update = (version: number, atMs: number) => ({
  kind: 'update' as const,
  atMs,
  subject: 'bed/01',
  alarm: {
    alarmId: 'a-1',
    subject: 'bed/01',
    condition: 'spo2-low' as const,
    type: 'SP' as const,
    priority: 'PM' as const,
    phase: 'on' as const,
    latching: false,
    onsetMs: 0,
    signalLost: false,
    responsibility: 'undefined' as const,
    step: 0,
    text: `version ${version}`,
  },
});

it('takes no configuration that would send health data in the clear, and says all that is wrong', () => {
  const wrong = fhirConfigSchema.safeParse({
    mode: 'server',
    baseUrl: 'http://fhir.example/r4',
    auth: { kind: 'smart-backend', tokenUrl: 'ftp://x', clientId: '', keyId: 'k', privateKeyFile: 'key.pem' },
  });
  expect(new Set(wrong.error?.issues.map(({ path }) => path.join('.')))).toEqual(
    new Set(['baseUrl', 'auth.tokenUrl', 'auth.clientId']),
  );
  expect(fhirConfigSchema.parse({ mode: 'off' })).toEqual({ mode: 'off' });
  expect(fhirConfigSchema.safeParse({ mode: 'server', baseUrl: 'http://127.0.0.1:8103/fhir' }).success).toBe(true);
});

it('hears the ward from when it is opened until it is closed, a queue that is no queue notwithstanding', async () => {
  const config = fhirConfigSchema.parse({ mode: 'server', baseUrl: 'https://fhir.example/r4' });
  if (config.mode !== 'server') throw new TypeError('not a server');
  const place = join(folder, 'foreign');
  mkdirSync(place);
  const sent: string[] = [];
  const listen = (at: string) =>
    fhirListener({
      config,
      folder: at,
      clock: { monotonicMs: () => 0, epochMs: () => 0 },
      random: createRandom(1),
      newId: () => 'abcd1234',
      log: silentLogger,
      connection: {
        send: (resources): Promise<SendOutcome> => {
          sent.push(...resources.map(({ resourceType }) => resourceType));
          return Promise.resolve({ kind: 'written' });
        },
      },
    })({
      site: 'north',
      ward: 'w3',
      now: () => 0,
      trail: createMemoryTrail(),
      patientSince: () => 0,
      chainOf: () => [],
    });
  const good = await listen(join(folder, 'good'));
  good.transitions([update(1, 0)]);
  await vi.waitFor(
    () => expect(sent).toEqual(['Location', 'Patient', 'Flag', 'AuditEvent', 'AuditEvent', 'AuditEvent']),
    {
      timeout: 20_000,
    },
  );
  await good.close();
  expect(good.waiting()).toBe(0);

  writeFileSync(join(place, 'fhir-queue.sqlite'), 'not a database, but long enough to look like a header of one');
  const broken = await listen(place);
  broken.transitions([update(1, 0)]);
  await broken.close();
  expect(broken.waiting()).toBe(3);
}, 30_000);

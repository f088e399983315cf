import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, silentLogger, systemClock, wearableTopic } from '@edge-blueprints/contracts';
import type { StationEvent, WardView } from '@edge-blueprints/contracts';
import { connectMqtt } from '@edge-blueprints/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putWardUser } from './access/ward-users.js';
import { readWardConfig } from './config.js';
import { openWardGateway, type WardGateway } from './open-gateway.js';
import { machineSurroundings } from './ward-surroundings.js';

const folder = mkdtempSync(join(tmpdir(), 'ward-gateway-'));
const file = join(folder, 'ward.json');
let gateway: WardGateway;
const open = () => openWardGateway(readWardConfig(file), machineSurroundings(silentLogger, true));

beforeAll(async () => {
  writeFileSync(
    file,
    JSON.stringify({
      site: 'north',
      ward: 'w-4',
      simulated: true,
      clock: 'trusted',
      beds: [
        { bed: 'bed/01', label: 'Bed 1' },
        { bed: 'bed/02', label: 'Bed 2' },
      ],
      admissions: [{ bed: 'bed/01', device: 'w-0001', name: 'Canary Person', ageYears: 70 }],
      chain: [{ id: 'n.adams', role: 'nurse' }],
      broker: { kind: 'embedded', host: '127.0.0.1', port: 0 },
      alarms: { conditions: { 'spo2-low': { delayMs: 0 }, 'spo2-very-low': { delayMs: 0 } } },
      watch: { watch: { noticeMs: 0 } },
      usersFile: './users.json',
      stateFolder: './state',
      audit: { folder: './audit', keyFolder: './keys' },
      dashboard: { port: 0 },
    }),
  );
  await putWardUser(join(folder, 'users.json'), 'n.adams', 'nurse', '271828');
  await putWardUser(join(folder, 'users.json'), 'a.auditor', 'auditor', '314159');
  gateway = await open();
}, 60_000);
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
}, 60_000);

const at = (path: string): string => `http://127.0.0.1:${gateway.pagePort}${path}`;

/** A station on long polling: no browser, no socket library. */
async function station() {
  const url = at('/socket.io/?EIO=4&transport=polling');
  const sid = /"sid":"([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
  const session = `${url}&sid=${sid}`;
  const say = async (text: string): Promise<void> => void (await fetch(session, { method: 'POST', body: text }));
  await say('40');
  return {
    paint: (offset: number) => say(`42["painted",${offset}]`),
    /** Waits for an alarm event of this condition. */
    async event(condition: string): Promise<StationEvent> {
      for (;;)
        for (const packet of (await (await fetch(session)).text()).split('\u001e')) {
          if (!packet.startsWith('42["event"')) continue;
          const [, event]: [string, StationEvent] = JSON.parse(packet.slice(2));
          if (event.alarm.condition === condition) return event;
        }
    },
  };
}

async function signIn(name: string, pin: string) {
  const answer = await fetch(at('/api/session'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, pin }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return {
    status: answer.status,
    call: async (method: string, path: string, body?: unknown) => {
      const reply = await fetch(at(path), {
        method,
        headers: { cookie, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: reply.status, body: (await reply.json()) as never };
    },
  };
}

/** A wearable whose saturation is low. */
async function desaturate(): Promise<() => Promise<void>> {
  const identity = { site: 'north', ward: 'w-4', device: 'w-0001' };
  let seq = 0;
  const link = connectMqtt(
    {
      ...{ url: `mqtt://127.0.0.1:${gateway.mqttPort}`, tls: null, clientId: 'north.w-0001', will: null },
      cleanSession: true,
      keepaliveSeconds: 30,
    },
    { onConnect: () => undefined, onDisconnect: () => undefined, onMessage: () => undefined },
    { clock: systemClock, random: createRandom(1), log: silentLogger },
  );
  await expect.poll(link.connected, { timeout: 20_000 }).toBe(true);
  const timer = setInterval(() => {
    const sample = { boot: 'b1', seq: seq++, tDevMs: Date.now(), v: 80, q: 95, status: [] };
    link
      .publish(wearableTopic(identity, 'spo2'), Buffer.from(JSON.stringify(sample)), { retain: false })
      .catch(() => 0);
  }, 200);
  return async () => {
    clearInterval(timer);
    await link.close();
  };
}

describe('the gateway of a ward', () => {
  it('brings a desaturation to a station, takes its acknowledgement, writes both, and keeps them over a restart', async () => {
    const page = await station();
    const calm = await desaturate();
    const { offset, alarm } = await page.event('spo2-low');
    expect(alarm).toMatchObject({ subject: 'bed/01', phase: 'on', priority: 'PM' });
    await page.paint(offset);
    await expect.poll(() => gateway.stations().conditionToPainted.count).toBeGreaterThan(0);

    const nurse = await signIn('n.adams', '271828');
    const act = { act: 'acknowledge', alarmId: alarm.alarmId };
    expect((await nurse.call('POST', '/api/alarms/act', act)).body).toEqual({ outcome: 'done' });
    expect((await nurse.call('POST', '/api/alarms/act', act)).body).toMatchObject({ outcome: 'refused' });
    const typed = {
      temperature: '37,4',
      consciousness: 'A',
      supplementalOxygen: 'air',
      systolic: '120',
      diastolic: '70',
    };
    expect((await nurse.call('POST', '/api/beds/01/observations', typed)).body).toEqual({ outcome: 'done' });
    expect((await nurse.call('GET', '/api/beds/01/patient')).body).toEqual({ name: 'Canary Person', ageYears: 70 });
    expect((await nurse.call('GET', '/api/audit')).status).toBe(403);
    expect((await fetch(at('/api/handover'))).status).toBe(401);
    await calm();

    await gateway.close();
    gateway = await open();
    const view = (await (await fetch(at('/api/view'))).json()) as WardView;
    expect(JSON.stringify(view)).not.toContain('Canary');
    expect(view.alarms.find(({ alarmId }) => alarmId === alarm.alarmId)).toMatchObject({
      phase: 'acknowledged',
      acknowledged: { by: 'n.adams' },
    });
    expect(view.beds[0]).toMatchObject({
      device: 'w-0001',
      readings: { temperature: { value: 37.4, state: 'fresh' } },
    });

    const auditor = await signIn('a.auditor', '314159');
    const trail: { size: number; entries: { seq: number; type: string }[] } = (
      await auditor.call('GET', '/api/audit?limit=500')
    ).body;
    const text = JSON.stringify(trail);
    expect(text).not.toContain('Canary');
    const types = trail.entries.map(({ type }) => type);
    for (const type of [
      'alarm.start',
      'alarm.ack',
      'patient.read',
      'observation.record',
      'security.denied',
      'session.start',
    ])
      expect(types).toContain(type);
    expect(types.indexOf('patient.read')).toBeLessThan(types.indexOf('alarm.ack'));
    const entry = trail.entries.find(({ type }) => type === 'alarm.ack');
    const evidence = await auditor.call('GET', `/api/audit/${entry?.seq ?? -1}/evidence`);
    expect(evidence.body).toMatchObject({
      checks: [
        { what: 'integrity', ok: true },
        { what: 'inclusion', ok: true },
        { what: 'signature', ok: true },
        { what: 'witness', ok: null },
      ],
    });
    expect((await auditor.call('GET', '/api/beds/01/patient')).status).toBe(403);
  }, 120_000);
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putStation } from './station/station-names.js';
import { type GatewayBench, openGatewayBench } from './testing/gateway-bench.js';
import type { OpenWardListener } from './ward/ward-listener.js';

let bench: GatewayBench;
let waiting = 0;
const nothing = (): void => undefined;
/** Stands for a FHIR server that takes nothing. */
const listener: OpenWardListener = {
  ...{ event: nothing, score: nothing, transitions: nothing, delivery: nothing, observation: nothing },
  ...{ advisory: nothing, tick: nothing, waiting: () => waiting, close: () => Promise.resolve() },
};

beforeAll(async () => {
  bench = await openGatewayBench(
    {
      alarms: { conditions: { 'lead-off': { delayMs: 0 }, 'spo2-low': { delayMs: 0 } } },
      stations: { file: './stations.json' },
      admissions: [1, 2, 3].map((n) => ({ bed: `bed/0${n}`, device: `w-000${n}`, name: 'Canary', ageYears: 70 })),
    },
    () => Promise.resolve(listener),
  );
}, 60_000);
afterAll(() => bench.close(), 60_000);

describe('a running gateway raises every technical alarm', () => {
  it('probe off, battery, implausible values and a lost link of a wearable', async () => {
    const one = await bench.wearable('w-0001');
    one.sample('spo2', 97);
    one.state({ lead: 'off', batteryPercent: 15 });
    await bench.alarm('lead-off', 'bed/01');
    await bench.alarm('battery-low', 'bed/01');
    one.state({ lead: 'on', batteryPercent: 3 });
    await bench.alarm('battery-critical', 'bed/01');
    await bench.alarm('lead-off', 'bed/01', false);
    one.sample('spo2', 300);
    await bench.alarm('sensor-fault', 'bed/01');
    one.client.destroy();
    await bench.alarm('device-link-lost', 'bed/01');
  }, 30_000);

  it('silence of a wearable that is connected', async () => {
    const two = await bench.wearable('w-0002');
    two.sample('spo2', 97);
    await expect
      .poll(async () => (await bench.view()).beds[1]?.readings.oxygenSaturation.state, { timeout: 10_000 })
      .toBe('fresh');
    bench.pass(31_000);
    await bench.alarm('data-stale', 'bed/02');
  }, 30_000);

  it('a station that must be there and is not, by its name, also one that was enrolled while the gateway runs', async () => {
    putStation(join(bench.folder, 'stations.json'), 'desk-1', 'key-of-desk-1');
    bench.pass(16_000);
    expect((await bench.alarm('station-lost', 'station/desk-1'))?.text).toBe('Station desk-1 does not answer');
    const url = `http://127.0.0.1:${bench.gateway().pagePort}/socket.io/?EIO=4&transport=polling`;
    const say = async (...packets: readonly string[]): Promise<void> => {
      const sid = /"sid":"([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
      for (const body of ['40', ...packets]) await fetch(`${url}&sid=${sid}`, { method: 'POST', body });
    };
    await say('42["station",{"name":"desk-1","key":"another"}]');
    await expect.poll(() => bench.gateway().stations().missing, { timeout: 10_000 }).toEqual(['desk-1']);
    await say('42["station",{"name":"desk-1","key":"key-of-desk-1"}]');
    await bench.alarm('station-lost', 'station/desk-1', false);
    const auditor = await bench.signIn('a.evans');
    const denied = (await bench.entries(auditor, 'enrol')).filter(({ type }) => type === 'security.denied');
    expect(denied).toHaveLength(1);
  }, 30_000);

  it('too little room, and an outbox that nobody empties', async () => {
    waiting = 7;
    bench.bent.freeBytes = 100 * 2 ** 20;
    bench.pass(11_000);
    expect((await bench.alarm('disk-low', 'ward'))?.text).toMatch(/^100 MiB free/);
    bench.pass(61_000);
    expect((await bench.alarm('outbox-degraded', 'ward'))?.text).toMatch(/FHIR/);
    waiting = 0;
    bench.bent.freeBytes = 1e12;
    await bench.alarm('outbox-degraded', 'ward', false);
    bench.pass(11_000);
    await bench.alarm('disk-low', 'ward', false);
  }, 30_000);

  it('a wall clock that jumps: written, told once, and neither delays nor wearables feel it', async () => {
    for (const device of ['w-0001', 'w-0003']) {
      const one = await bench.wearable(device);
      one.sample('spo2', 97);
      one.sample('spo2', 97);
    }
    const two = await bench.wearable('w-0002');
    two.sample('spo2', 97);
    await bench.alarm('data-stale', 'bed/02', false);
    const before = (await bench.view()).nowMs;
    bench.bent.wallMs = 3_600_000;
    await bench.alarm('clock-unsynchronised', 'ward');
    two.sample('spo2', 80);
    const low = await bench.alarm('spo2-low', 'bed/02');
    const after = await bench.view();
    expect(after.nowMs - before).toBeLessThan(20_000);
    expect(low?.onsetMs).toBeLessThanOrEqual(after.nowMs);
    expect(after.gateway.clockSynced).toBe(false);
    const clocks = after.alarms.filter(({ condition }) => condition === 'clock-unsynchronised');
    expect(clocks.map(({ subject }) => subject)).toEqual(['ward']);
    const auditor = await bench.signIn('a.evans');
    const [state] = (await bench.entries(auditor, 'clock.state')).filter(({ links }) => links?.['movedMs'] !== '0');
    expect(Number(state?.links?.['movedMs'])).toBeGreaterThan(3_590_000);
    expect(await bench.entries(auditor, 'clock.step')).toHaveLength(1);
    expect(state?.clock.offsetMs).toBeGreaterThan(3_590_000);
    bench.bent.wallMs = 0;
  }, 30_000);

  it('a broker that is gone, within five seconds', async () => {
    const startMs = (await bench.view()).nowMs;
    await bench.stopBroker();
    await bench.alarm('broker-lost', 'ward');
    expect((await bench.view()).nowMs - startMs).toBeLessThan(5_000);
    await bench.startBroker();
    await bench.alarm('broker-lost', 'ward', false);
  }, 30_000);

  it('a trail that takes nothing: alarms still sound, acts and configuration are closed with words, and open again', async () => {
    const charge = await bench.signIn('c.baker');
    const one = await bench.wearable('w-0003');
    bench.bent.diskFull = true;
    one.sample('spo2', 79);
    const alarm = await bench.alarm('spo2-low', 'bed/03');
    await bench.alarm('audit-failed', 'ward');
    const closed = [
      await charge.call('POST', '/api/alarms/act', { act: 'acknowledge', alarmId: alarm?.alarmId }),
      await charge.call('POST', '/api/beds/03/limits', { limits: { saturationLowPercent: 92 }, reason: 'closer' }),
      await charge.call('POST', '/api/beds/03/observations', { systolic: '120' }),
      await charge.call('POST', '/api/break-glass', { reason: 'arrest' }),
      await charge.call('GET', '/api/beds/03/patient'),
    ];
    expect(closed.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    for (const { text } of closed.slice(0, 4)) expect(text).toMatch(/ward\.record-failed/);
    expect((await bench.view()).beds[2]?.ownLimits).toBeUndefined();
    bench.bent.diskFull = false;
    bench.pass(5_000);
    await bench.alarm('audit-failed', 'ward', false);
    const again = await charge.call('POST', '/api/alarms/act', { act: 'acknowledge', alarmId: alarm?.alarmId });
    expect(again).toEqual({ status: 200, text: '{"outcome":"done"}' });
    const auditor = await bench.signIn('a.evans');
    const gaps = await bench.entries(auditor, 'audit.gap');
    expect(gaps.map(({ actor }) => actor.id).sort()).toEqual(['alarm-engine', 'audit-log']);
    const late = (await bench.entries(auditor, 'spo2-low')).filter(({ links }) => links?.['late'] === 'outage');
    expect(late.map(({ type }) => type)).toContain('alarm.start');
  }, 30_000);

  it('its own restart, latched until somebody has seen it, with the trends of before', async () => {
    expect((await bench.view()).alarms.some(({ condition }) => condition === 'gateway-restarted')).toBe(false);
    await bench.reopen();
    const alarm = await bench.alarm('gateway-restarted', 'ward');
    expect(alarm?.text).toMatch(/nothing was watched for \d+\.\d s/);
    const nurse = await bench.signIn('n.adams');
    const history = await nurse.call('GET', '/api/beds/02/history?hours=1');
    expect(history.text).toMatch(/"oxygenSaturation":\[[^\]]*\d/);
  }, 30_000);
});

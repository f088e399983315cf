import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ocsfOfEntry } from '@edge-blueprints/audit';
import { connectRawClient, packetTypes, readPublish, subscribePacket } from '@edge-blueprints/broker/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { benchPin, type GatewayBench, openGatewayBench } from './testing/gateway-bench.js';

const canaries = ['Quuxley', 'Zebediah', '4711-PATNO'];
const name = 'Zebediah Quuxley 4711-PATNO';
let bench: GatewayBench;
beforeAll(async () => {
  bench = await openGatewayBench({
    alarms: { conditions: { 'spo2-low': { delayMs: 0 } } },
    admissions: [{ bed: 'bed/01', device: 'w-0001', name, ageYears: 70 }],
  });
}, 60_000);
afterAll(() => bench.close(), 60_000);

/** Every file below the folder, by its path. */
const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
const leaks = (text: string): boolean => canaries.some((one) => text.toLowerCase().includes(one.toLowerCase()));

it('says a patient’s name in no topic, message, view, event, log line, SIEM line, error, file name or entry', async () => {
  const seen: Record<string, string[]> = { mqtt: [], answers: [], events: [], log: bench.logLines };
  const { client: hub } = await connectRawClient(bench.mqttPort, { clientId: 'hub.listener' });
  hub.send(subscribePacket('hc/v1/north/w-4/dev/+/+'));
  const { client: other } = await connectRawClient(bench.mqttPort, { clientId: 'north.w-0009' });
  other.send(subscribePacket('hc/v1/north/w-4/gw/heartbeat'));
  const url = `http://127.0.0.1:${bench.gateway().pagePort}/socket.io/?EIO=4&transport=polling`;
  const sid = /"sid":"([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
  await fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40' });

  const one = await bench.wearable('w-0001');
  const nurse = await bench.signIn('n.adams');
  const charge = await bench.signIn('c.baker');
  const physician = await bench.signIn('p.clark');
  one.sample('spo2', 80);
  const alarm = await bench.alarm('spo2-low', 'bed/01');
  const alarmId = alarm?.alarmId ?? '';
  // People type names wherever they can.
  const typed: readonly (readonly [typeof nurse, string, string, unknown?])[] = [
    [nurse, 'POST', '/api/alarms/act', { act: 'acknowledge', alarmId, reason: name }],
    [nurse, 'POST', '/api/alarms/act', { act: 'escalate', alarmId, reason: name }],
    [nurse, 'POST', '/api/alarms/act', { act: name, alarmId: name }],
    [nurse, 'POST', '/api/alarms/act', { act: 'acknowledge', alarmId: name }],
    [nurse, 'POST', '/api/alarms/act', { act: 'pause-audio', subject: `bed/${name}`, seconds: 30 }],
    [
      charge,
      'POST',
      '/api/alarms/act',
      { act: 'shelve', subject: 'bed/01', why: 'procedure', minutes: 5, reason: name },
    ],
    [charge, 'POST', '/api/alarms/act', { act: 'unshelve', subject: 'bed/01' }],
    [charge, 'POST', '/api/beds/01/limits', { limits: { pulseHighPerMinute: 120 }, reason: name }],
    [
      charge,
      'POST',
      '/api/beds/01/limits',
      { limits: { saturationLowPercent: 80, saturationVeryLowPercent: 75 }, reason: name },
    ],
    [charge, 'POST', '/api/beds/01/limits', { limits: { [name]: 1 }, reason: name }],
    [nurse, 'POST', '/api/beds/01/observations', { systolic: name.slice(0, 8), [name]: '1' }],
    [nurse, 'POST', '/api/beds/01/observations', { consciousness: 'Quuxley' }],
    [nurse, 'POST', '/api/beds/01/association', { device: name, reason: name }],
    [nurse, 'POST', '/api/beds/02/patient', { name, ageYears: 40 }],
    [nurse, 'POST', '/api/beds/02/patient', { name: `${name} again`, ageYears: name }],
    [physician, 'POST', '/api/beds/01/scale', { scale: 2, reason: name }],
    [nurse, 'POST', '/api/break-glass', { reason: name }],
    [nurse, 'DELETE', '/api/break-glass'],
    [nurse, 'POST', `/api/proposals/${encodeURIComponent(name)}`, { confirm: true }],
    [charge, 'POST', `/api/break-glass/${encodeURIComponent(name)}/review`, { words: name }],
    [nurse, 'GET', `/api/beds/${encodeURIComponent(name)}/patient`],
    [nurse, 'GET', `/api/beds/01/history?hours=${encodeURIComponent(name)}`],
    [nurse, 'DELETE', '/api/beds/02/patient'],
  ];
  for (const [person, method, path, body] of typed) {
    const { text } = await person.call(method, path, body);
    seen['answers']?.push(`${method} ${path.replaceAll(encodeURIComponent(name), '?')} ${text}`);
  }
  seen['answers']?.push((await bench.call('POST', '/api/session', { name: name.slice(0, 32), pin: benchPin })).text);
  // So do devices that are not what they should be.
  for (const text of [name, JSON.stringify({ [name]: name }), JSON.stringify({ boot: name, seq: 1, v: name })])
    one.raw('hc/v1/north/w-4/dev/w-0001/hr', text);
  one.state({ firmware: name });
  one.state({ [name]: 1 });
  const auditor = await bench.signIn('a.evans');
  await auditor.call('GET', `/api/audit?search=${encodeURIComponent(name)}`);
  await bench.view().then((view) => seen['answers']?.push(JSON.stringify(view)));
  seen['events']?.push(await (await fetch(`${url}&sid=${sid}`)).text());
  const entries = await bench.entries(auditor);
  seen['entries'] = entries.map((entry) => JSON.stringify(entry));
  // What a line to the SIEM is made of: its message id, and this as its text.
  seen['siem'] = entries.map((entry) => `${entry.type} ${JSON.stringify(ocsfOfEntry(entry, 'leaf'))}`);
  for (const client of [hub, other])
    while (client.pending(packetTypes.publish) > 0) {
      const { topic, payload } = readPublish(await client.receive(packetTypes.publish));
      // What a broken device says is its own; the gateway must not say it again.
      seen['mqtt']?.push(client === hub ? topic : `${topic} ${payload.toString()}`);
    }
  other.destroy();
  hub.destroy();

  const files = filesOf(bench.folder);
  seen['file names'] = [...files];
  // Beside these nothing on the disk may hold a name: the book of names, what was erasable from the start, and people's own words.
  const named = /identities\.json$|audit\/payloads\/|break-glass\.json$|alarms\/.*\.journal$|ward\.json$/;
  seen['files'] = files.filter((file) => !named.test(file)).map((file) => readFileSync(file, 'latin1'));

  expect(Object.entries(seen).map(([place, texts]) => [place, texts.length > 0])).not.toContainEqual([
    'entries',
    false,
  ]);
  for (const [place, texts] of Object.entries(seen)) {
    expect(texts.length, place).toBeGreaterThan(0);
    expect(
      texts.filter(leaks).map((text) => text.slice(0, 400)),
      place,
    ).toEqual([]);
  }
  // The net catches: the names are where they should be.
  expect(files.filter((file) => leaks(readFileSync(file, 'latin1'))).length).toBeGreaterThan(1);
  expect((await nurse.call('GET', '/api/beds/01/patient')).text).toContain('Quuxley');
}, 60_000);

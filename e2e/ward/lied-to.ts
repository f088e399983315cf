// T10 and the hostile half of the catalogue: what a broken, doubled, overtaking or wicked sender can do to the ward.
import { createRandom } from '@edge-blueprints/contracts';
import type { Check } from '../check.js';
import { holdsWithin, pause } from '../running-line.js';
import { deviceOf, readTrail, site, ward } from './faulty-ward.js';
import { openHandDevices } from './hand-device.js';
import {
  bedOf,
  desaturate,
  isArtefact,
  order,
  saturationStart,
  soundedSince,
  toldWithin,
  type LiveWard,
} from './live-ward.js';

const root = `hc/v1/${site}/${ward}`;

/** Random bytes, cut and bent samples, and topics that are nearly ours. Nothing of it is a sample of a device at a bed. */
function bentMessages(count: number): readonly { readonly topic: string; readonly payload: Uint8Array }[] {
  const random = createRandom(10);
  const sample = JSON.stringify({ boot: 'fuzz', seq: 1, tDevMs: 1, v: 20, q: 100, status: [] });
  const device = deviceOf(2);
  const topics = [
    ...['hr', 'spo2', 'rr', 'acc', 'state'].map((channel) => `${root}/dev/${device}/${channel}`),
    ...[`${root}/dev/${device}/HR`, `${root}/dev//hr`, `${root}/dev/${device}/hr/x`, `${root}/dev/constructor/hr`],
    ...[
      `${root}/gw/heartbeat`,
      `${root}/alarm/all`,
      `hc/v2/${site}/${ward}/dev/${device}/hr`,
      `${root}/dev/${device}/cmd`,
    ],
  ];
  return Array.from({ length: count }, () => {
    const bytes = Buffer.from(sample);
    const kind = random.integer(0, 3);
    const payload =
      kind === 0
        ? Uint8Array.from({ length: random.integer(0, 3_000) }, () => random.integer(0, 255))
        : kind === 1
          ? bytes.subarray(0, random.integer(0, bytes.length - 1))
          : kind === 2
            ? Buffer.from(
                sample
                  .replace(/[0-9]+/, () => random.pick(['-1', '1e400', '"1"', 'null', '{}', '[]', '']))
                  .replace('20', 'NaN'),
              )
            : bytes.fill(random.integer(0, 255), random.integer(0, 20), 40);
    return { topic: topics[random.integer(0, topics.length - 1)] ?? root, payload };
  });
}

export async function liedTo(live: LiveWard, check: Check): Promise<void> {
  const { rig, gateway, station, broker } = live;
  const sinceMs = performance.now();
  const before = (await gateway.view()).gateway.dropped;
  const hand = openHandDevices(broker.port, 0, 1_000);
  await holdsWithin(10_000, hand.connected);
  order(rig, { command: 'malformed', patients: [1] });
  order(rig, { command: 'hostile', patients: [2] });
  for (const name of ['duplicate', 'reorder']) order(rig, { command: 'fault', name, patients: [3, 4], on: true });
  order(rig, { command: 'fault', name: 'clock-jump', patients: [6], on: true });
  const bent = bentMessages(400);
  for (const { topic, payload } of bent) await hand.raw(topic, payload).catch(() => undefined);
  desaturate(rig, 5);
  const told = await toldWithin(station, sinceMs, 20_000, saturationStart(5));
  check('broken and hostile messages: who is ill still alarms', told !== undefined, `${told ?? 'not'} ms`);
  await pause(4_000);
  for (const name of ['duplicate', 'reorder']) order(rig, { command: 'fault', name, patients: [3, 4], on: false });
  const others = soundedSince(station, sinceMs).filter(
    (heard) =>
      heard.alarm.subject !== bedOf(5) &&
      !(isArtefact(heard) && [1, 2].every((lied) => heard.alarm.subject !== bedOf(lied))),
  );
  check(
    'broken, doubled, overtaking and hostile messages raise no alarm of any other patient',
    others.length === 0,
    others.map(({ alarm }) => `${alarm.subject} ${alarm.condition}: ${alarm.text}`).join('; '),
  );
  const clock = station.events.find(
    ({ heardMs, alarm }) => heardMs > sinceMs && alarm.condition === 'clock-unsynchronised',
  );
  check('a device whose clock is an hour off is told of', clock?.alarm.subject === bedOf(6), clock?.alarm.subject);
  order(rig, { command: 'fault', name: 'clock-jump', patients: [6], on: false });
  const dropped = (await gateway.view()).gateway.dropped - before;
  check(
    'what was refused is counted',
    dropped >= 100,
    `${dropped} of ${bent.length} bent and 27 malformed or hostile ones`,
  );
  const auditor = await gateway.signIn('a.auditor');
  const entries = (await readTrail(auditor, 'ingest.rejected')).filter(({ type }) => type === 'ingest.rejected');
  const reasons = new Set(entries.map(({ reason = '' }) => reason.split(':')[0] ?? ''));
  const senders = new Set(entries.map(({ actor }) => actor.id));
  check(
    'the trail says who was refused and why, once a minute for each sender',
    senders.has(`device/${deviceOf(1)}`) &&
      senders.has(`device/${deviceOf(2)}`) &&
      reasons.size >= 1 &&
      entries.length <= 12,
    `${entries.length} entries, ${[...senders].join(' ')}: ${[...reasons].join(', ')}`,
  );
  order(rig, { command: 'mend', patients: 'all' });
  await hand.close();
}

// T8 and T10: the broker dies, and the way to it delays, loses and falls silent.
import type { Check } from '../check.js';
import { holdsWithin, pause } from '../running-line.js';
import {
  bedOf,
  desaturate,
  isArtefact,
  isCalm,
  isSeen,
  order,
  patients,
  rigTotals,
  saturationStart,
  soundedSince,
  toldWithin,
  type LiveWard,
} from './live-ward.js';
import type { Heard } from './ward-station.js';

/** It latches: the second time it is announced again, it does not start. */
const isBrokerLost = ({ phase, alarm }: Heard): boolean =>
  alarm.condition === 'broker-lost' && alarm.phase === 'on' && phase !== 'continue';

/** @param outageMs 60 s and a quarter of an hour in the catalogue; the same with shorter limits here */
export async function brokerGone(live: LiveWard, outageMs: number, check: Check): Promise<void> {
  const { broker, rig, gateway, station } = live;
  const [during, lasting] = [6, 7];
  await holdsWithin(20_000, () => isSeen(live) && (rigTotals(rig)?.waiting ?? 1) <= 2 * patients);
  await pause(6_000);
  const droppedBefore = (await gateway.view()).gateway.dropped;
  const connectsBefore = rigTotals(rig)?.connects ?? 0;
  const sinceMs = performance.now();
  await broker.kill();
  const told = await toldWithin(station, sinceMs, 15_000, isBrokerLost);
  check('T8: the loss of the broker is an alarm within 5 s', (told ?? Infinity) <= 5_000, `${told ?? 'never'} ms`);
  // Its end lies more than the limit of 5 s before the broker is back.
  order(rig, { command: 'story', name: 'hypoxia', patients: [during], riseS: 1, holdS: 4, fallS: 1, height: 1 });
  const staleMs = 5_000;
  await pause(staleMs + 2_500 - Math.min(staleMs, performance.now() - sinceMs));
  const view = station.view();
  check(
    'T8: no value is shown as fresh when its time is over',
    view?.beds.every(
      ({ readings }) => readings.pulse.state !== 'fresh' && readings.oxygenSaturation.state !== 'fresh',
    ) === true,
    `stale after ${staleMs / 1_000} s here, 30 s by default`,
  );
  await pause(outageMs - 6_000 - (performance.now() - sinceMs));
  desaturate(rig, lasting);
  await pause(outageMs - (performance.now() - sinceMs));
  const backMs = performance.now();
  await broker.start();
  const replayed = await holdsWithin(30_000, () => {
    const totals = rigTotals(rig);
    return (totals?.connects ?? 0) >= connectsBefore + patients && (totals?.waiting ?? 1_000) <= 2 * patients;
  });
  const seen = await holdsWithin(10_000, () => isSeen(live));
  const { dropped = -1, waiting = -1 } = rigTotals(rig) ?? {};
  check(
    'T8: every wearable sends what it kept, and is seen again',
    replayed && seen && dropped === 0,
    `${waiting} wait, ${dropped} dropped`,
  );
  const alive = await toldWithin(station, backMs, 10_000, saturationStart(lasting));
  check('T8: who is ill when the broker is back alarms', alive !== undefined, `${alive ?? 'not within 10 000'} ms`);
  const old = soundedSince(station, sinceMs).filter(({ alarm }) => alarm.subject === bedOf(during));
  const missed = station.events.filter(
    ({ phase, heardMs, alarm }) =>
      phase === 'start' &&
      heardMs >= backMs &&
      alarm.subject === bedOf(during) &&
      alarm.condition === 'missed-during-outage',
  );
  check(
    'T8: what is over does not sound any more and is one note of what was missed',
    old.length === 0 && missed.length === 1,
    `${old.length} alarms, ${missed.length} notes: ${missed[0]?.alarm.text ?? ''}`,
  );
  const lost = async (): Promise<number> => (await gateway.view()).gateway.dropped - droppedBefore;
  const whole = await holdsWithin(10_000, async () => (await lost()) === 0);
  check('T8: no sample of the outage is lost', whole, `${await lost()} lost or refused`);
  order(rig, { command: 'mend', patients: 'all' });
}

export async function roughWay(live: LiveWard, check: Check): Promise<void> {
  const { link, rig, station, gateway } = live;
  await holdsWithin(20_000, () => isSeen(live) && isCalm(live));
  const droppedBefore = (await gateway.view()).gateway.dropped;
  const sinceMs = performance.now();
  link.set('rough');
  await pause(2_000);
  const illMs = performance.now();
  desaturate(rig, 8);
  const told = await toldWithin(station, illMs, 15_000, saturationStart(8));
  await pause(4_000);
  link.set('clear');
  check(
    'T10: 500 ms of jitter and 30 % loss: an alarm comes within 10 s',
    (told ?? Infinity) <= 10_000,
    `${told ?? 'never'} ms with 2 s of the rise`,
  );
  const others = soundedSince(station, sinceMs).filter(
    (heard) => heard.alarm.subject !== bedOf(8) && !isArtefact(heard),
  );
  const starts = soundedSince(station, sinceMs).map(({ alarm }) => alarm.alarmId);
  check(
    'T10: nobody else alarms, and no alarm begins twice',
    others.length === 0 && new Set(starts).size === starts.length,
    others.map(({ alarm }) => `${alarm.subject} ${alarm.condition}: ${alarm.text}`).join('; '),
  );
  const whole = await holdsWithin(10_000, async () => (await gateway.view()).gateway.dropped === droppedBefore);
  check('T10: nothing is lost on the way', whole, `${(await gateway.view()).gateway.dropped - droppedBefore}`);

  const heldMs = performance.now();
  link.set('held');
  const silent = await toldWithin(station, heldMs, 20_000, isBrokerLost);
  check(
    'T10: a connection that only seems to stand is an alarm within 8 s',
    (silent ?? Infinity) <= 8_000,
    `${silent ?? 'never'} ms`,
  );
  link.set('clear');
  const back = await holdsWithin(20_000, async () => isSeen(live) && !(await gateway.view()).gateway.brokerLost);
  check('T10: it goes on by itself when the way is open again', back);
  order(rig, { command: 'mend', patients: 'all' });
}

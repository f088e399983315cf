// T6: the whole gateway under SIGKILL while alarms come and two nurses act.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type AlarmAct } from '@edge-blueprints/contracts';
import { explainJournal, readJournal } from '../../apps/ward-monitoring/src/alarms/explain-journal.js';
import type { Check } from '../check.js';
import { holdsWithin, pause } from '../running-line.js';
import { openGateway, readTrail, readyGateway, spawnGateway, type Gateway, type Person } from './faulty-ward.js';
import type { HandDevices } from './hand-device.js';
import { openStation, type Heard, type WardStation } from './ward-station.js';

interface Confirmed {
  readonly alarmId: string;
  readonly by: string;
  readonly reason: string;
}

interface Sums {
  kills: number;
  whileOpening: number;
  told: number;
  refused: number;
  unanswered: number;
  readonly confirmed: Confirmed[];
  readonly startMs: number[];
  readonly problems: string[];
}

type Expected = ReadonlyMap<string, { readonly phase: string; readonly by: string | undefined }>;

const journalOf = (folder: string): string => join(folder, 'state', 'alarms');

/** @returns what the next life has to tell: alarms that are open and no longer wait for their delay */
function judgeDisk(folder: string, sums: Sums): Expected {
  if (!existsSync(journalOf(folder))) return new Map();
  const { entries } = readJournal(journalOf(folder));
  const answer = explainJournal(entries, {});
  if (answer === undefined) return new Map();
  const life = `kill ${sums.kills}`;
  if (answer.notReproduced.length > 0)
    sums.problems.push(`${life}: states ${answer.notReproduced.join()} are not what the journal leads to`);
  const written = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === 'input' && entry.input.kind === 'act' && 'reason' in entry.input.act) {
      const reason = entry.input.act.reason ?? '';
      written.set(reason, (written.get(reason) ?? 0) + 1);
    }
  for (const { reason } of sums.confirmed)
    if (written.get(reason) !== 1)
      sums.problems.push(`${life}: ${reason} was confirmed and is ${written.get(reason) ?? 0} times in the journal`);
  return new Map(
    Object.values(answer.state.alarms)
      .filter(({ alarm, closed }) => !closed && alarm.phase !== 'pending')
      .map(({ alarm }) => [alarm.alarmId, { phase: alarm.phase, by: alarm.acknowledged?.by }]),
  );
}

async function judgeStart(gateway: Gateway, station: WardStation, expected: Expected, sums: Sums): Promise<void> {
  const life = `after kill ${sums.kills}`;
  const continued = (): readonly string[] =>
    station.events.filter(({ phase }) => phase === 'continue').map(({ alarm }) => alarm.alarmId);
  await holdsWithin(3_000, () => [...expected.keys()].every((alarmId) => continued().includes(alarmId)));
  for (const alarmId of expected.keys()) {
    const times = continued().filter((id) => id === alarmId).length;
    if (times !== 1) sums.problems.push(`${life}: alarm ${alarmId} was told ${times} times`);
  }
  const strange = continued().filter((alarmId) => !expected.has(alarmId));
  if (strange.length > 0) sums.problems.push(`${life}: told ${strange.join()} without cause`);
  sums.told += expected.size;
  const view = await gateway.view();
  for (const alarm of view.alarms) {
    if (alarm.nextEscalationMs !== undefined && alarm.nextEscalationMs < view.nowMs - 2_000)
      sums.problems.push(`${life}: the deadline of ${alarm.alarmId} was not met`);
    const before = expected.get(alarm.alarmId);
    // A person's act stands for minutes; only its own time, a new act or the end of the condition may take it back.
    if (before?.phase === 'acknowledged' && alarm.phase !== 'ended' && alarm.acknowledged?.by !== before.by)
      sums.problems.push(`${life}: the acknowledgement of ${alarm.alarmId} by ${before.by ?? ''} is lost`);
  }
}

/** Both nurses press at the same moment, until the process is gone. */
async function actOn(station: WardStation, nurses: readonly Person[], sums: Sums, stop: AbortSignal): Promise<void> {
  const tried = new Set<string>();
  while (!stop.aborted) {
    const next = station.events.findLast(
      ({ phase, alarm }) => phase === 'start' && alarm.subject !== 'ward' && !tried.has(alarm.alarmId),
    );
    if (next === undefined) {
      await pause(20);
      continue;
    }
    const { alarmId } = next.alarm;
    tried.add(alarmId);
    const answers = await Promise.all(
      nurses.map(async (nurse, index) => {
        const by = index === 0 ? 'n.adams' : 'n.brown';
        const reason = `${sums.kills}-${alarmId}-${by}`;
        const answer = await nurse.act({ act: 'acknowledge', alarmId, reason } satisfies AlarmAct);
        if (answer === 'done') sums.confirmed.push({ alarmId, by, reason });
        else if (answer === 'unknown') sums.unanswered += 1;
        else sums.refused += 1;
        return answer;
      }),
    );
    if (answers.filter((answer) => answer === 'done').length > 1)
      sums.problems.push(`two nurses were both told that they had acknowledged ${alarmId}`);
  }
}

/** @returns the gateway of the life after the last kill */
export async function killedGateway(
  given: {
    readonly program: string;
    readonly folder: string;
    readonly config: string;
    readonly devices: HandDevices;
    readonly kills: number;
    /** Gets every event of every station, of at least so many alarms. */
    readonly heard: Heard[];
    readonly alarms: number;
  },
  check: Check,
): Promise<Gateway> {
  const { program, folder, config, devices, kills, heard, alarms } = given;
  const random = createRandom(6);
  const moments = random.fork('moments');
  const sums: Sums = {
    ...{ kills: 0, whileOpening: 0, told: 0, refused: 0, unanswered: 0 },
    ...{ confirmed: [], startMs: [], problems: [] },
  };
  const wander = setInterval(() => {
    const one = devices.values[random.integer(0, devices.values.length - 1)];
    if (one === undefined) return;
    if (random.next() < 0.5) one.spo2 = one.spo2 === 97 ? 87 : 97;
    else one.pulse = one.pulse === 75 ? 138 : 75;
  }, 120);
  let expected: Expected = new Map();
  try {
    for (; sums.kills < kills; sums.kills += 1) {
      const process = spawnGateway(program, config);
      const spawnedMs = performance.now();
      if (sums.kills % 5 === 2) {
        await pause(moments.next() * 0.9 * Math.min(...sums.startMs));
        sums.whileOpening += process.text().includes('"event":"ready"') ? 0 : 1;
        await process.stop(() => void process.child.kill('SIGKILL'));
      } else {
        const gateway = await readyGateway(process);
        const station = await openStation(gateway.origin, 0);
        sums.startMs.push(performance.now() - spawnedMs);
        await judgeStart(gateway, station, expected, sums);
        const nurses = await Promise.all([gateway.signIn('n.adams'), gateway.signIn('n.brown')]);
        const stop = new AbortController();
        const acting = actOn(station, nurses, sums, stop.signal);
        await pause(300 + moments.next() * 2_000);
        await gateway.kill();
        stop.abort();
        await acting;
        heard.push(...station.events);
        station.close();
      }
      expected = judgeDisk(folder, sums);
    }
    const gateway = await openGateway(program, config);
    const station = await openStation(gateway.origin, 0);
    await judgeStart(gateway, station, expected, sums);
    const known = (): number => new Set([...heard, ...station.events].map(({ alarm }) => alarm.alarmId)).size;
    await holdsWithin(30_000, () => known() >= alarms);
    heard.push(...station.events);
    station.close();
    await judgeEnd(gateway, kills, sums, check);
    return gateway;
  } finally {
    clearInterval(wander);
  }
}

async function judgeEnd(gateway: Gateway, kills: number, sums: Sums, check: Check): Promise<void> {
  const auditor = await gateway.signIn('a.auditor');
  const entries = (await readTrail(auditor, 'alarm.ack')).filter(({ type }) => type === 'alarm.ack');
  for (const { alarmId, by } of sums.confirmed)
    if (!entries.some(({ actor, links }) => actor.id === by && links?.['alarmId'] === alarmId))
      sums.problems.push(`${alarmId} acknowledged by ${by} is not in the trail`);

  check(
    'T6: a gateway that is killed forgets no confirmed act and tells each live alarm once',
    sums.problems.length === 0,
    sums.problems.slice(0, 5).join('; '),
  );
  check(
    'T6: it was killed while it opened, while alarms came and while people acted',
    sums.confirmed.length >= kills && sums.told >= kills && (kills < 3 || sums.whileOpening > 0),
    `${kills} SIGKILLs, ${sums.whileOpening} of them while it opened; ${sums.confirmed.length} acts confirmed, ${sums.refused} refused, ` +
      `${sums.unanswered} without an answer; ${sums.told} alarms told again`,
  );
  const longest = Math.round(Math.max(...sums.startMs));
  check('T6: a station hears alarms again in under 5 s', longest < 5_000, `longest ${longest} ms from the start`);
}

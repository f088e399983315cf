// One life of an alarm desk: waits for "go BOOT", starts on what the lives before left, then alarms and acknowledges until it is killed.
import { appendFileSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, systemClock, type AuditTrail } from '@edge-blueprints/contracts';
import { createAlarmDesk } from '../../apps/ward-monitoring/src/alarms/alarm-desk.js';
import { openAlarmJournal } from '../../apps/ward-monitoring/src/alarms/alarm-journal.js';
import type { AlarmTransition } from '../../apps/ward-monitoring/src/alarms/alarm-transition.js';
import type { Actor } from '../../apps/ward-monitoring/src/alarms/engine-input.js';
import { continueJournalClock } from '../../apps/ward-monitoring/src/alarms/journal-clock.js';

const [folder = ''] = process.argv.slice(2);
// Straight to the pipe: what was told before the kill is told.
const tell = (told: object): void => void writeSync(1, `${JSON.stringify(told)}\n`);
tell({ kind: 'ready' });
const line = Buffer.alloc(64);
const boot = line
  .toString('utf8', 0, readSync(0, line, 0, line.length, null))
  .replace('go ', '')
  .trim();

const begin = systemClock.monotonicMs();
const beginCpu = process.cpuUsage();
const journal = await openAlarmJournal({
  folder: join(folder, 'journal'),
  newJournal: 'e2e',
  segmentBytes: 60_000,
  keepSegments: 4,
});
const now = continueJournalClock({
  clock: systemClock,
  machineBoot: 'one',
  lastStart: journal.recovered.lastStart,
  lastMs: journal.recovered.state.atMs,
});
const trailFile = join(folder, 'trail.jsonl');
appendFileSync(trailFile, '');
const handle = openSync(trailFile, 'a');
const audit: AuditTrail = {
  async record(drafts) {
    await new Promise((resolve) => setImmediate(resolve));
    writeSync(handle, drafts.map((draft) => `\n${JSON.stringify(draft)}`).join(''));
    fdatasyncSync(handle);
    return [];
  },
};
let announced: string[] | undefined = [];
const publish = (transitions: readonly AlarmTransition[]): void => {
  for (const { kind, alarm } of transitions)
    if (kind === 'continue' && alarm !== undefined) announced?.push(alarm.alarmId);
};
const start = {
  boot,
  monotonicMs: Math.round(systemClock.monotonicMs()),
  epochMs: systemClock.epochMs(),
  machineBoot: 'one',
};
// What is due by now, the start itself must meet; how long its writing then takes is the disk's affair.
const dueBy = now();
const desk = await createAlarmDesk({ journal, audit, publish, now, start });
const openMs = Math.round(systemClock.monotonicMs() - begin);
const { user, system } = process.cpuUsage(beginCpu);
tell({
  kind: 'open',
  announced,
  openMs,
  openCpuMs: Math.round((user + system) / 1_000),
  overdue: (desk.view().nextDueMs ?? Infinity) <= dueBy,
  digest: desk.state().nextAlarm,
});
announced = undefined;

const random = createRandom([...boot].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0);
const nurses: readonly Actor[] = [
  { id: 'n1', role: 'nurse' },
  { id: 'n2', role: 'nurse' },
];
desk.assign({ subject: 'ward', chain: nurses.map(({ id, role }) => ({ id, role })) });
for (let i = 0; i < 5_000; i += 1) {
  const subject = `bed/${random.integer(1, 12)}`;
  const condition = random.pick(['news2-red', 'news2-high', 'fall', 'spo2-low'] as const);
  desk.sense({ subject, condition, state: random.next() < 0.6 ? 'true' : 'false', text: condition });
  desk.tick();
  const calling = desk.view().alarms.filter(({ phase }) => phase === 'on' || phase === 'latched');
  const [first] = calling;
  if (random.next() < 0.5 && first !== undefined) {
    const alarmId = random.next() < 0.5 ? first.alarmId : (calling.at(-1)?.alarmId ?? first.alarmId);
    const acts = nurses.map(async (nurse) => {
      const name = `${boot}-${i}-${nurse.id}`;
      const { outcome } = await desk.act(nurse, { act: 'acknowledge', alarmId, reason: name });
      tell({ kind: outcome, name, alarmId });
      return outcome;
    });
    const outcomes = await Promise.all(acts);
    if (outcomes.filter((outcome) => outcome === 'done').length > 1) tell({ kind: 'both', alarmId });
  } else await desk.settled();
}

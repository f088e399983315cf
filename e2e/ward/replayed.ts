// T25: what the stations heard follows from what is on the disk, to the last bit.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createRandom, type AlarmSnapshot } from '@edge-blueprints/contracts';
import { canonicalJson } from '../../apps/ward-monitoring/src/alarms/canonical-json.js';
import { explainJournal, readJournal } from '../../apps/ward-monitoring/src/alarms/explain-journal.js';
import { foldJournal } from '../../apps/ward-monitoring/src/alarms/fold-journal.js';
import { wallAlarm } from '../../apps/ward-monitoring/src/ward/wall-alarm.js';
import type { Check } from '../check.js';
import type { Heard } from './ward-station.js';

const main = join(import.meta.dirname, '../../apps/ward-monitoring/src/alarms/replay-main.ts');
const runner = join(import.meta.dirname, '../../tools/run.mjs');

/** @param heard alarm events of all stations, of any life of the gateway @param most alarms, drawn from all of them */
export function replayed(folder: string, heard: readonly Heard[], most: number, check: Check): void {
  const journal = join(folder, 'state', 'alarms');
  const { entries } = readJournal(journal);
  // What people wrote does not go to a station that anybody can look at.
  const led = new Set<string>();
  foldJournal(entries, (_, state) => {
    for (const { alarm } of Object.values(state.alarms)) led.add(canonicalJson(wallAlarm(alarm)));
  });
  // An alarm that ends is told as ended and leaves the state at once.
  foldJournal(entries, ({ transitions }) => {
    for (const { alarm } of transitions) if (alarm !== undefined) led.add(canonicalJson(wallAlarm(alarm)));
  });
  const random = createRandom(25);
  const ids = [...new Set(heard.map(({ alarm }) => alarm.alarmId))]
    .map((id) => ({ id, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ id }) => id);
  const chosen = new Set(ids);
  const told: readonly AlarmSnapshot[] = heard
    .filter(({ alarm }) => chosen.has(alarm.alarmId))
    .map(({ alarm }) => alarm);
  const strange = told.filter((alarm) => !led.has(canonicalJson(alarm)));
  const [first, second] = [explainJournal(entries, {}), explainJournal(entries, {})];
  check(
    `T25: ${ids.length} alarms of the run replay from the journal bit for bit`,
    ids.length === most && strange.length === 0 && first?.notReproduced.length === 0 && first.digest === second?.digest,
    `${told.length} events of the stations, ${strange.length} that the journal does not lead to; ${entries.length} entries, state ${first?.digest.slice(0, 16) ?? ''}`,
  );
  const alarm = ids[0] ?? '';
  const { status, stdout } = spawnSync(process.execPath, [runner, main, '--journal', journal, '--alarm', alarm], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  check(
    'T25: the replay command tells why it alarmed',
    status === 0 && stdout.includes(first?.digest ?? '-'),
    stdout.split('\n')[0],
  );
}

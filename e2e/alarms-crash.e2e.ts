// The alarm desk under SIGKILL: no confirmed acknowledgement lost or doubled, live alarms announced once by the next life, deadlines met,
// state = fold(journal). EDGE_ALARM_KILLS sets the number of kills (200).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { explainJournal, readJournal } from '../apps/ward-monitoring/src/alarms/explain-journal.js';
import { bundleDesk, startLife } from './alarms/life.js';
import { suite } from './check.js';

const kills = Number(process.env['EDGE_ALARM_KILLS'] ?? 200);
const openSchema = z.object({
  announced: z.array(z.string()),
  openMs: z.number(),
  openCpuMs: z.number(),
  overdue: z.boolean(),
});
const actSchema = z.object({ kind: z.enum(['done', 'refused']), name: z.string() });

interface Sums {
  kills: number;
  whileOpening: number;
  confirmed: number;
  refused: number;
  announced: number;
  torn: number;
  longestOpenMs: number;
  longestOpenCpuMs: number;
  readonly problems: string[];
}

async function killMany(folder: string): Promise<Sums> {
  const file = await bundleDesk(folder);
  const disk = join(folder, 'ward');
  mkdirSync(disk);
  const random = createRandom(9);
  const sums: Sums = {
    kills: 0,
    whileOpening: 0,
    confirmed: 0,
    refused: 0,
    announced: 0,
    torn: 0,
    longestOpenMs: 0,
    longestOpenCpuMs: 0,
    problems: [],
  };
  let expected: readonly string[] = [];
  let life = startLife(file, disk);
  for (let i = 0; i < kills; i += 1) {
    const next = startLife(file, disk);
    await life.said(1);
    life.go(`b${i}`);
    // A fifth dies at an arbitrary moment of opening, the others soon after one of the first things that they tell.
    if (random.next() >= 0.2) await life.said(random.integer(2, 30));
    await new Promise((resolve) => setTimeout(resolve, random.next() * 8));
    await life.kill();
    const confirmed = judgeLife(life.lines(), `b${i}`, expected, sums);
    sums.confirmed += confirmed.length;
    expected = judgeDisk(disk, confirmed, sums) ?? expected;
    sums.kills += 1;
    if (sums.kills % 50 === 0)
      console.log(
        `  ${sums.kills} kills, ${sums.confirmed} confirmed acknowledgements, ${sums.problems.length} problems`,
      );
    life = next;
  }
  await life.kill();
  return sums;
}

/** @returns what was confirmed in this life */
function judgeLife(
  lines: readonly Record<string, unknown>[],
  boot: string,
  expected: readonly string[],
  sums: Sums,
): readonly string[] {
  const confirmed: string[] = [];
  const open = lines.find(({ kind }) => kind === 'open');
  if (open === undefined) sums.whileOpening += 1;
  else {
    const { announced, openMs, openCpuMs, overdue } = openSchema.parse(open);
    sums.announced += announced.length;
    sums.longestOpenMs = Math.max(sums.longestOpenMs, openMs);
    sums.longestOpenCpuMs = Math.max(sums.longestOpenCpuMs, openCpuMs);
    if (overdue) sums.problems.push(`${boot}: a deadline was not met at the start`);
    if ([...announced].sort().join() !== [...expected].sort().join())
      sums.problems.push(`${boot}: announced ${announced.join(' ')} instead of ${expected.join(' ')}`);
  }
  for (const line of lines) {
    if (line['kind'] === 'both') sums.problems.push(`${boot}: two stations acknowledged one alarm`);
    const act = actSchema.safeParse(line);
    if (!act.success) continue;
    if (act.data.kind === 'done') confirmed.push(act.data.name);
    else sums.refused += 1;
  }
  return confirmed;
}

/** @returns the alarms that the next life has to announce */
function judgeDisk(disk: string, confirmed: readonly string[], sums: Sums): readonly string[] | undefined {
  const folder = join(disk, 'journal');
  if (!existsSync(folder)) return undefined;
  const { entries, unreadBytes } = readJournal(folder);
  if (unreadBytes > 0) sums.torn += 1;
  const written = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === 'input' && entry.input.kind === 'act' && 'reason' in entry.input.act) {
      const name = entry.input.act.reason ?? '';
      written.set(name, (written.get(name) ?? 0) + 1);
    }
  const trail = existsSync(join(disk, 'trail.jsonl')) ? readFileSync(join(disk, 'trail.jsonl'), 'utf8') : '';
  const audited = new Set(
    trail
      .split('\n')
      .flatMap((line) => (line.includes('"alarm.ack"') ? (/"words":"([^"]+)"/.exec(line)?.[1] ?? []) : [])),
  );
  for (const name of confirmed) {
    if (written.get(name) !== 1)
      sums.problems.push(`${name} was confirmed and is ${written.get(name) ?? 0} times in the journal`);
    if (!audited.has(name)) sums.problems.push(`${name} was confirmed and is not in the trail`);
  }
  const answer = explainJournal(entries, {});
  if (answer === undefined) return undefined;
  if (answer.notReproduced.length > 0)
    sums.problems.push(`states ${answer.notReproduced.join()} are not what the journal leads to`);
  return Object.values(answer.state.alarms).flatMap(({ alarm, closed }) =>
    closed || alarm.phase === 'pending' ? [] : [alarm.alarmId],
  );
}

await suite('alarms', async (check) => {
  // A kill loses nothing that was written, so memory will do for a disk; torn appends have a spec of their own.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'alarms-e2e-'));
  try {
    const sums = await killMany(folder);
    const { problems } = sums;
    check('keeps its promises when the process is killed', problems.length === 0, problems.slice(0, 5).join('; '));
    check(
      'was killed often enough, while opening and while people acted',
      sums.kills === kills && sums.confirmed > kills && sums.whileOpening > 0,
      `${sums.kills} SIGKILLs, ${sums.whileOpening} while it opened, ${sums.torn} torn appends; ${sums.confirmed} acknowledgements confirmed and each ` +
        `once in journal and trail, ${sums.refused} told that another was first; ${sums.announced} alarms announced again`,
    );
    // Time of the processor, because this suite runs at the lowest priority beside others.
    check(
      'alarms again with under 5 s of work',
      sums.longestOpenCpuMs < 5_000,
      `at most ${sums.longestOpenCpuMs} ms of processor from opening the journal, ${sums.longestOpenMs} ms of wall clock here`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAlarmJournal, type AlarmJournal, type SegmentFile } from './alarm-journal.js';
import { canonicalJson } from './canonical-json.js';
import type { EngineInput } from './engine-input.js';
import { explainJournal, readJournal } from './explain-journal.js';
import { foldJournal } from './fold-journal.js';
import { continueJournalClock } from './journal-clock.js';
import { readFrames } from './journal-frame.js';
import { recoverSegments } from './journal-segments.js';
import { memoryTrail, nurse, sampleDesk } from '../testing/alarms/desk-sample.js';

let root = '';
let folders = 0;
beforeAll(() => (root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'alarm-journal-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newFolder = (): string => {
  folders += 1;
  const folder = join(root, String(folders));
  mkdirSync(folder);
  return folder;
};
const open = (folder: string, more: object = {}): Promise<AlarmJournal> =>
  openAlarmJournal({ folder, newJournal: 'k3x9', ...more });
const sense = (atMs: number, subject: string, state: 'true' | 'false'): { kind: 'input'; input: EngineInput } => ({
  kind: 'input',
  input: { kind: 'condition', atMs, subject, condition: 'news2-red', state, text: 'NEWS2 red' },
});

describe('an append that was interrupted', () => {
  test('anywhere in the last entries leaves what was whole before it, and is declared', async () => {
    const folder = newFolder();
    const journal = await open(folder);
    for (let i = 1; i <= 3; i += 1) await journal.append([sense(i * 1_000, `bed/${i}`, 'true')]);
    await journal.close();
    const bytes = readFileSync(join(folder, 'alarms-00000001.journal'));
    const whole = readFrames(bytes).entries;
    const starts: number[] = [];
    for (let at = bytes.indexOf('EJ'); at !== -1; at = bytes.indexOf('EJ', at + 1)) starts.push(at);
    const [, , first = 0, second = 0] = starts;
    const states = [2, 3, 4].map((entries) => canonicalJson(foldJournal(whole.slice(0, entries))?.state));
    const damaged = newFolder();
    const file = join(damaged, 'alarms-00000001.journal');
    for (let cut = first; cut <= bytes.length; cut += cut > second - 3 && cut < second + 12 ? 1 : 3) {
      writeFileSync(file, bytes.subarray(0, cut));
      const { segment, damage } = recoverSegments(damaged);
      const left = cut === bytes.length ? 2 : cut >= second ? 1 : 0;
      expect(canonicalJson(segment?.folded.state)).toBe(states[left]);
      const isClean = cut === bytes.length || starts.includes(cut);
      expect(damage.map(({ kind, entriesAside }) => `${kind} ${entriesAside}`)).toEqual(isClean ? [] : ['torn-tail 0']);
      expect(statSync(file).size).toBe([first, second, bytes.length][left]);
    }
    writeFileSync(file, bytes.subarray(0, second + 30));
    const again = await open(damaged);
    await again.append([sense(9_000, 'bed/9', 'true')]);
    await again.close();
    expect(readJournal(damaged).unreadBytes).toBe(0);
  });

  test('a garbled block in the middle is damage: entries behind it are set aside, declared, and an alarm says so', async () => {
    const folder = newFolder();
    const journal = await open(folder);
    for (let i = 1; i <= 4; i += 1) await journal.append([sense(i * 1_000, `bed/${i}`, 'true')]);
    await journal.close();
    const file = join(folder, 'alarms-00000001.journal');
    const bytes = readFileSync(file);
    const third = [...Array(3)].reduce<number>((at) => bytes.indexOf('EJ', at + 1), 0);
    bytes[third + 20] = (bytes[third + 20] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    const again = await open(folder);
    expect(again.recovered.damage).toMatchObject([{ kind: 'damaged', entriesAside: 1 }]);
    expect(readdirSync(folder).filter((name) => name.includes('aside'))).toHaveLength(1);
    const trail = memoryTrail();
    const { desk } = await sampleDesk({ journal: again, memoryTrail: trail, atMs: 9_000 });
    expect(trail.lines[0]).toMatchObject({ type: 'audit.gap', reason: 'journal-damaged' });
    expect(desk.view().alarms.map(({ condition }) => condition)).toEqual([
      'news2-red',
      'news2-red',
      'missed-during-outage',
    ]);
    await again.close();
  });

  test('by a disk that takes half of it is cut off before the next one', async () => {
    const folder = newFolder();
    let isBad = false;
    const real: Buffer[] = [];
    const openFile = (file: string): Promise<SegmentFile> =>
      Promise.resolve({
        write(bytes, position) {
          const part = isBad ? bytes.subarray(0, bytes.length / 2) : bytes;
          const whole = Buffer.concat([readFileSync(file).subarray(0, position), part]);
          writeFileSync(file, whole);
          real.push(whole);
          return isBad ? Promise.reject(new RangeError('ENOSPC')) : Promise.resolve();
        },
        datasync: () => Promise.resolve(),
        truncate: (bytes) => Promise.resolve(writeFileSync(file, readFileSync(file).subarray(0, bytes))),
        close: () => Promise.resolve(),
      });
    const journal = await open(folder, { openFile });
    await journal.append([sense(1_000, 'bed/1', 'true')]);
    isBad = true;
    await expect(journal.append([sense(2_000, 'bed/2', 'true')])).rejects.toMatchObject({
      code: 'alarms.journal-write',
    });
    isBad = false;
    await journal.append([sense(3_000, 'bed/3', 'true')]);
    await journal.close();
    const { entries, unreadBytes } = readJournal(folder);
    expect(unreadBytes).toBe(0);
    expect(Object.keys(foldJournal(entries)?.state.alarms ?? {})).toEqual(['bed/1 news2-red', 'bed/3 news2-red']);
  });
});

test('segments begin with the state, old ones go, and a replay of all of them leads to each state bit for bit', async () => {
  const folder = newFolder();
  const journal = await open(folder, { segmentBytes: 4_000, keepSegments: 3 });
  let nowMs = 1_000;
  const { desk } = await sampleDesk({ journal, now: () => nowMs });
  for (let i = 0; i < 70; i += 1) {
    nowMs += 1_000;
    const isLow = Math.floor(i / 7) % 2 === 0;
    desk.sense({ subject: `bed/${i % 7}`, condition: 'news2-red', state: isLow ? 'true' : 'false', text: 'NEWS2' });
    await desk.settled();
  }
  const state = canonicalJson(desk.state());
  await journal.close();
  expect(readdirSync(folder).filter((name) => name.endsWith('.journal'))).toHaveLength(3);
  const answer = explainJournal(readJournal(folder).entries, {});
  expect(answer?.notReproduced).toEqual([]);
  expect(canonicalJson(answer?.state)).toBe(state);
  const again = await open(folder);
  expect(canonicalJson(again.recovered.state)).toBe(state);
  expect(again.recovered.lastStart?.boot).toBe('b1');
  await again.close();
});

test('one writer: a second process of the same folder is turned away', async () => {
  const folder = newFolder();
  const journal = await open(folder);
  await expect(open(folder)).rejects.toMatchObject({ code: 'alarms.journal-in-use' });
  await journal.close();
  writeFileSync(join(folder, 'writer.lock'), '4194999 some-boot 1');
  writeFileSync(join(folder, 'writer.lock.77'), 'left by a process that died');
  await (await open(folder)).close();
  expect(readdirSync(folder)).toEqual(['alarms-00000001.journal']);
});

test('answers why it did, and why it did not alarm', async () => {
  const folder = newFolder();
  const journal = await open(folder);
  let nowMs = 0;
  const { desk } = await sampleDesk({ journal, now: () => nowMs });
  const at = async (ms: number, state: 'true' | 'false'): Promise<void> => {
    nowMs = ms;
    desk.sense({ subject: 'bed/07', condition: 'spo2-low', state, text: 'SpO2 87 %, limit 90 %' });
    await desk.settled();
  };
  await at(1_000, 'true');
  await at(10_000, 'false');
  await at(20_000, 'true');
  nowMs = 36_000;
  desk.tick();
  await desk.settled();
  await desk.act(nurse, { act: 'acknowledge', alarmId: 'k3x9-2', reason: 'turned over' });
  await journal.close();
  const { entries } = readJournal(folder);
  expect(explainJournal(entries, { alarmId: 'k3x9-1' })?.lines.at(-1)).toBe(
    '1970-01-01T00:00:10.000Z  k3x9-1 bed/07 spo2-low: no alarm: it was over after 9.0 s, and 15.0 s are needed',
  );
  const why = explainJournal(entries, { alarmId: 'k3x9-2' })?.lines.join('\n');
  expect(why).toContain('ALARM ** PM: SpO2 87 %, limit 90 %. It lasted 15.0 s; nobody is named to answer');
  expect(why).toContain('acknowledged by n1 (nurse), saying "turned over": silent for 600.0 s unless it changes');
});

describe('the journal clock', () => {
  const lastStart = {
    kind: 'start' as const,
    atMs: 5_000,
    boot: 'b',
    monotonicMs: 100_000,
    epochMs: 1_000_000,
    machineBoot: 'm',
  };
  let monotonicMs = 0;
  let epochMs = 0;
  const clock = { monotonicMs: () => monotonicMs, epochMs: () => epochMs };

  test('counts an absence by the monotonic clock while the machine ran, whatever the wall clock did', () => {
    monotonicMs = 130_000.7;
    epochMs = 1_030_000 + 3_600_000;
    const now = continueJournalClock({ clock, machineBoot: 'm', lastStart, lastMs: 15_000 });
    expect(now()).toBe(35_000);
    epochMs = 0;
    monotonicMs += 999;
    expect(now()).toBe(35_999);
  });

  test('counts it by the wall clock over a restart of the machine, never back and at most a day', () => {
    monotonicMs = 3;
    const start = (wall: number): number => {
      epochMs = wall;
      return continueJournalClock({ clock, machineBoot: 'other', lastStart, lastMs: 15_000 })();
    };
    expect(start(1_060_000)).toBe(65_000);
    expect(start(1)).toBe(15_000);
    expect(start(Date.UTC(2038, 0, 20))).toBe(15_000 + 24 * 3_600_000);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTrendFile } from './trend-file.js';
import { createVitalHistory, type VitalHistory } from './vital-history.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'trends-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const minute = 60_000;
const kept = async (history: VitalHistory, since: (bed: string) => number | undefined, nowMs: number) => {
  await openTrendFile(folder, history, silentLogger).save();
  const after = createVitalHistory(10);
  await openTrendFile(folder, after, silentLogger).restore(since, nowMs);
  return after;
};

it('brings back what was known, to a tenth, and nothing of a patient who left', async () => {
  const history = createVitalHistory(10);
  for (let at = 0; at < 1_500; at += 1) {
    history.add('bed/01', 'pulse', at * minute, 60 + (at % 40));
    history.add('bed/02', 'temperature', at * minute, 36.6);
    history.add('bed/03', 'scoreLo', at * minute, 3);
  }
  const nowMs = 1_505 * minute;
  const since = (bed: string) => ({ 'bed/01': 0, 'bed/02': 1_490.5 * minute })[bed];
  const after = await kept(history, since, nowMs);
  expect(after.read('bed/01', 'pulse', nowMs, 1, 1_440)).toEqual(history.read('bed/01', 'pulse', nowMs, 1, 1_440));
  const warm = after.read('bed/02', 'temperature', nowMs, 1, 1_440);
  expect(warm.filter((value) => value !== null)).toEqual(Array(9).fill(36.6));
  expect(after.read('bed/03', 'scoreLo', nowMs, 1, 10)).toEqual(Array(10).fill(null));
  after.add('bed/01', 'pulse', nowMs, 99);
  expect(after.read('bed/01', 'pulse', nowMs, 1, 1)).toEqual([99]);
});

it('is one bounded file that is whole or not there, closed to others; what is not whole is left aside', async () => {
  const history = createVitalHistory(200);
  for (let bed = 0; bed < 200; bed += 1)
    for (let at = 0; at < 3; at += 1) history.add(`bed/${bed}`, 'pulse', at * minute, 70);
  await kept(history, () => 0, 3 * minute);
  const file = join(folder, 'trends.bin');
  expect(readdirSync(folder)).toEqual(['trends.bin']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(file).size).toBeLessThan(200 * 3_000);
  const bytes = readFileSync(file);
  for (const broken of [
    bytes.subarray(0, 3),
    bytes.subarray(0, bytes.length - 1),
    Buffer.alloc(50, 0xff),
    Buffer.from('\x02\x00\x00\x00[]'),
  ]) {
    writeFileSync(file, broken);
    const after = createVitalHistory(200);
    await openTrendFile(folder, after, silentLogger).restore(() => 0, 3 * minute);
    expect(after.keep()).toEqual([]);
  }
});

it('does not believe minutes that have not been yet: they are of another journal', async () => {
  const history = createVitalHistory(10);
  history.add('bed/01', 'pulse', 100 * minute, 70);
  expect((await kept(history, () => 0, 50 * minute)).keep()).toEqual([]);
});

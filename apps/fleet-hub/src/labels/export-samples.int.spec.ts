import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportSamples, type AskHub } from './export-samples.js';

const task = (id: number, verdict: 'pass' | 'reject', truth: 'good' | 'bad') => ({
  ...{ id, site: 'hall', device: 'd1', at: '2026-05-01T08:00:00.000Z' },
  candidate: {
    ...{ resultId: `r${id}`, partId: `p${id}`, verdict, score: null, stratum: verdict, inclusionProbability: 0.5 },
    ...{ bundleVersion: '3', detections: [] },
  },
  pictures: [
    { role: 'test', width: 4, height: 3 },
    { role: 'template', width: 4, height: 3 },
  ],
  label: { truth, by: 'ann', at: '2026-05-01T09:00:00.000Z', note: '' },
});
const tasks = [task(7, 'pass', 'good'), task(8, 'pass', 'bad'), task(9, 'reject', 'bad')];

const hub =
  (mime = 'image/webp'): AskHub =>
  async (path) => {
    if (path.startsWith('/api/labels?state=done')) return Response.json({ open: 0, done: tasks.length, tasks });
    if (path.includes('/9/')) return new Response('gone', { status: 500 });
    return new Response(new Uint8Array([Number(path.split('/')[3]), 2]), { headers: { 'content-type': mime } });
  };
const signal = new AbortController().signal;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'samples-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('export of labelled parts', () => {
  const whole: AskHub = (path) => hub()(path.replace('/9/', '/8/'));

  it('writes pairs of pictures, empty labels of good parts only, and all that is known', async () => {
    const out = join(folder, 'new', 'set');
    expect(await exportSamples(whole, out, signal)).toEqual({ good: 1, bad: 2 });
    expect(readdirSync(join(out, 'images')).sort()).toEqual(
      [7, 8, 9].flatMap((id) => [`${id}_temp.webp`, `${id}_test.webp`]),
    );
    expect([...readFileSync(join(out, 'images/7_test.webp'))]).toEqual([7, 2]);
    expect(readdirSync(join(out, 'labels'))).toEqual(['7.txt']);
    const lines = readFileSync(join(out, 'samples.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { id: 7, label: { truth: 'good' }, pictures: { test: 'images/7_test.webp', template: 'images/7_temp.webp' } },
      { id: 8, label: { truth: 'bad' }, candidate: { verdict: 'pass', inclusionProbability: 0.5 } },
      { id: 9 },
    ]);
  });

  it('leaves nothing behind when the hub fails half-way, and never touches a folder in use', async () => {
    const out = join(folder, 'set');
    await expect(exportSamples(hub(), out, signal)).rejects.toMatchObject({ code: 'labels.export-failed' });
    await expect(exportSamples(hub('text/html'), out, signal)).rejects.toThrow('text/html');
    expect(readdirSync(folder)).toEqual([]);
    await exportSamples(whole, out, signal);
    await expect(exportSamples(whole, out, signal)).rejects.toMatchObject({ code: 'labels.export-folder' });
    expect(existsSync(join(out, 'samples.jsonl'))).toBe(true);
  });
});

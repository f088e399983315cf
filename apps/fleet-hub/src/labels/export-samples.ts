import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, DeviceError, parseConfig } from '@edge-blueprints/contracts';
import type { LabelTaskView } from '@edge-blueprints/contracts';
import { labelQueueSchema } from '../api/work-answers.js';

/** What a running hub answers; the caller has signed in. */
export type AskHub = (path: string) => Promise<Response>;

export interface ExportedSamples {
  readonly good: number;
  /** Their defects are known by the model's detections only, or not at all. */
  readonly bad: number;
}

/** What one request for labelled tasks gives at most. */
const newest = 1_000;
const endings: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/webp': 'webp', 'image/jpeg': 'jpg' };

/**
 * Writes the labelled parts of a hub, the newest 1,000, as material for training: `images/ID_test.*` beside `images/ID_temp.*`,
 * an empty `labels/ID.txt` for each good part (a picture without a defect), and `samples.jsonl` with all that is known of each.
 * A bad part gets no label file, since a person has said that it is bad and not where: boxes must be drawn first.
 * The folder is there whole or not at all.
 * @throws ConfigError `labels.export-folder`; DeviceError `labels.export-failed`
 */
export async function exportSamples(ask: AskHub, folder: string, signal: AbortSignal): Promise<ExportedSamples> {
  const target = resolve(folder);
  if (existsSync(target) && (await readdir(target)).length > 0)
    throw new ConfigError('labels.export-folder', `${target} is not empty; name a new folder or empty this one.`);
  const list = await asked(ask, `/api/labels?state=done&limit=${newest}`);
  const { tasks } = parseConfig(labelQueueSchema, await list.json(), 'the labels of the hub');
  await mkdir(dirname(target), { recursive: true });
  const unfinished = `${target}.part`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    for (const sub of ['images', 'labels']) await mkdir(join(unfinished, sub), { recursive: true });
    const lines: string[] = [];
    const count = { good: 0, bad: 0 };
    for (const task of tasks) {
      signal.throwIfAborted();
      if (task.label === null) continue;
      const { truth } = task.label;
      count[truth] += 1;
      const pictures = await writePictures(ask, unfinished, task);
      if (truth === 'good') await writeFile(join(unfinished, 'labels', `${task.id}.txt`), '');
      lines.push(JSON.stringify({ ...task, pictures }));
    }
    await writeFile(join(unfinished, 'samples.jsonl'), lines.map((line) => `${line}\n`).join(''));
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
    return count;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function writePictures(ask: AskHub, folder: string, { id, pictures }: LabelTaskView) {
  const written: Record<string, string> = {};
  for (const { role } of pictures) {
    const answer = await asked(ask, `/api/labels/${id}/pictures/${role}`);
    const mime = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const ending = endings[mime];
    if (ending === undefined)
      throw new DeviceError(
        'labels.export-failed',
        `The ${role} picture of label ${id} is of type "${mime}"; known are ${Object.keys(endings).join(', ')}.`,
      );
    const file = `images/${id}_${role === 'test' ? 'test' : 'temp'}.${ending}`;
    await writeFile(join(folder, file), new Uint8Array(await answer.arrayBuffer()));
    written[role] = file;
  }
  return written;
}

async function asked(ask: AskHub, path: string): Promise<Response> {
  const answer = await ask(path);
  if (answer.ok) return answer;
  throw new DeviceError(
    'labels.export-failed',
    `The hub answered HTTP ${answer.status} to ${path}: ${(await answer.text()).slice(0, 200)}`,
    { retry: 'safe' },
  );
}

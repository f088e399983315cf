import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ThreadChoice } from './thread-tuning.js';

const storedTuningSchema = z.strictObject({
  format: z.literal('edge-tuning/1'),
  fingerprint: z.string(),
  threads: z.int().min(1).max(64),
  spinning: z.boolean(),
  p50Ms: z.number().positive(),
});

/** `none`: never tuned here. `unusable`: the file is there but damaged or of another machine; tune again. */
export type TuningRecall =
  | { readonly kind: 'known'; readonly choice: ThreadChoice }
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Two engines of one process may store the same choice at the same time. */
let drafts = 0;

export function tuningPath(cacheFolder: string, fingerprint: string): string {
  return join(cacheFolder, `threads-${fingerprint}.json`);
}

export async function recallTuning(cacheFolder: string, fingerprint: string): Promise<TuningRecall> {
  let text: string;
  try {
    text = await readFile(tuningPath(cacheFolder, fingerprint), 'utf8');
  } catch {
    return { kind: 'none' };
  }
  try {
    const { threads, spinning, p50Ms, ...rest } = storedTuningSchema.parse(JSON.parse(text));
    if (rest.fingerprint !== fingerprint) return { kind: 'unusable', reason: 'it belongs to another machine or model' };
    return { kind: 'known', choice: { threads, spinning, p50Ms } };
  } catch (error) {
    return { kind: 'unusable', reason: error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON' };
  }
}

export async function storeTuning(cacheFolder: string, fingerprint: string, choice: ThreadChoice): Promise<void> {
  const path = tuningPath(cacheFolder, fingerprint);
  const { threads, spinning, p50Ms } = choice;
  const stored: z.infer<typeof storedTuningSchema> = { format: 'edge-tuning/1', fingerprint, threads, spinning, p50Ms };
  await mkdir(cacheFolder, { recursive: true });
  drafts += 1;
  const draft = `${path}.${process.pid}-${drafts}.tmp`;
  await writeFile(draft, `${JSON.stringify(stored, null, 2)}\n`);
  await rename(draft, path);
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { ModelCacheUse } from './session-protocol.js';

/** The bytes that a session is made of: as the bundle has them, or already optimised for this machine. */
export interface ModelSource {
  readonly bytes: Uint8Array;
  readonly optimised: boolean;
}

export interface OptimisedModel {
  readonly source: ModelSource;
  readonly cache: ModelCacheUse;
}

/**
 * Takes the optimised copy of a model from `path`, or has it made by `optimise`. The copy is hardware-specific, so the
 * path must name the machine, the runtime and the model (`hostFingerprint`). Its SHA-256 stands beside it; the bytes
 * that are checked are the bytes that are used. A copy that does not match is made again. A folder that cannot be
 * written costs the start-up time only.
 * @param optimise writes the optimised model to the file it is given
 */
export async function optimisedModel(
  path: string | null,
  original: Uint8Array,
  optimise: (target: string) => Promise<void>,
): Promise<OptimisedModel> {
  const plain: ModelSource = { bytes: original, optimised: false };
  if (path === null) return { source: plain, cache: 'off' };
  const [stored, digest] = await Promise.all([readOptional(path), readOptional(digestPath(path))]);
  if (stored !== undefined && digest !== undefined && sha256(stored) === digest.toString('utf8').trim()) {
    return { source: { bytes: stored, optimised: true }, cache: 'hit' };
  }
  // Two engines of one process may make the same copy at the same time.
  const draft = `${path}.${process.pid}-${threadId}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await optimise(draft);
    const bytes = await readFile(draft);
    const draftDigest = `${draft}.sha256`;
    await writeFile(draftDigest, `${sha256(bytes)}\n`);
    await rename(draft, path);
    await rename(draftDigest, digestPath(path));
    return { source: { bytes, optimised: true }, cache: stored === undefined ? 'built' : 'rebuilt' };
  } catch {
    await Promise.all([rm(draft, { force: true }), rm(`${draft}.sha256`, { force: true })]).catch(() => undefined);
    return { source: plain, cache: 'unwritable' };
  }
}

function digestPath(path: string): string {
  return `${path}.sha256`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, errorMessage, parseConfig, type Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';

const revisionsSchema = z.record(z.string(), z.int().positive());
type Revisions = z.infer<typeof revisionsSchema>;

/** Where it is kept, and whether an older bundle is accepted. */
export interface RevisionMemory {
  readonly record: { readonly folder: string };
  readonly bundle: { readonly allowRollback: boolean };
}

interface BundleIdentity {
  readonly name: string;
  readonly version: string;
  readonly revision: number;
}

const fileIn = (folder: string): string => join(folder, 'bundle-revisions.json');

/**
 * A replaced model must not come back by mistake or by force: the station remembers, for each bundle name, the highest
 * revision that it has run.
 * @throws ConfigError `station.bundle-rollback`, `station.revisions-unreadable`
 */
export async function checkRevision(
  { record, bundle }: RevisionMemory,
  { name, version, revision }: BundleIdentity,
  log: Logger,
): Promise<void> {
  if (bundle.allowRollback) {
    log.warn('bundle.rollback-allowed', { bundle: name, revision });
    return;
  }
  const highest = (await readRevisions(record.folder))[name];
  if (highest === undefined || revision >= highest) return;
  throw new ConfigError(
    'station.bundle-rollback',
    `Bundle ${name} ${version} has revision ${revision}, but this station has run revision ${highest} (${fileIn(record.folder)}). Deploy revision ${highest} or a newer one; to go back on purpose, set bundle.allowRollback: true.`,
    { context: { bundle: name, revision, highest } },
  );
}

/** Called once the bundle runs and has passed its golden vectors. Going back on purpose does not lower what is remembered. */
export async function rememberRevision(
  { record, bundle }: RevisionMemory,
  { name, revision }: BundleIdentity,
): Promise<void> {
  const known: Revisions = await readRevisions(record.folder).catch((error: unknown) => {
    if (bundle.allowRollback) return {};
    throw error;
  });
  if ((known[name] ?? 0) >= revision) return;
  const file = fileIn(record.folder);
  await mkdir(record.folder, { recursive: true });
  await writeFile(`${file}.next`, `${JSON.stringify({ ...known, [name]: revision }, null, 2)}\n`);
  await rename(`${file}.next`, file);
}

async function readRevisions(folder: string): Promise<Revisions> {
  const file = fileIn(folder);
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw unreadable(file, error);
  }
  try {
    return parseConfig(revisionsSchema, JSON.parse(content), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, cause: unknown): ConfigError =>
  new ConfigError(
    'station.revisions-unreadable',
    `The revisions that this station has run cannot be read from ${file}: ${errorMessage(cause)}. Restore the file, or remove it when nobody tampered with the station.`,
    { cause },
  );

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, errorMessage, parseConfig, type Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';

const revisionsSchema = z.record(z.string(), z.int().positive());
type Revisions = z.infer<typeof revisionsSchema>;

/** Where a device keeps what it has run, and whether it accepts an older bundle. */
export interface RevisionMemory {
  readonly folder: string;
  readonly allowRollback: boolean;
  /** Name of `allowRollback` in the device's configuration. */
  readonly setting: string;
}

export interface BundleIdentity {
  readonly name: string;
  readonly version: string;
  readonly revision: number;
}

const fileIn = (folder: string): string => join(folder, 'bundle-revisions.json');

/**
 * A replaced model must not come back by mistake or by force: a device remembers, for each bundle name, the highest
 * revision that it has run.
 * @throws ConfigError `bundle.rollback`, `bundle.revisions-unreadable`
 */
export async function checkRevision(
  { folder, allowRollback, setting }: RevisionMemory,
  { name, version, revision }: BundleIdentity,
  log: Logger,
): Promise<void> {
  if (allowRollback) {
    log.warn('bundle.rollback-allowed', { bundle: name, revision });
    return;
  }
  const highest = (await readRevisions(folder))[name];
  if (highest === undefined || revision >= highest) return;
  throw new ConfigError(
    'bundle.rollback',
    `Bundle ${name} ${version} has revision ${revision}, but this device has run revision ${highest} (${fileIn(folder)}). Deploy revision ${highest} or a newer one; to go back on purpose, set ${setting}: true.`,
    { context: { bundle: name, revision, highest } },
  );
}

/** Called once the bundle runs and has passed its golden vectors. Going back on purpose does not lower what is remembered. */
export async function rememberRevision(
  { folder, allowRollback }: Pick<RevisionMemory, 'folder' | 'allowRollback'>,
  { name, revision }: Pick<BundleIdentity, 'name' | 'revision'>,
): Promise<void> {
  const known: Revisions = await readRevisions(folder).catch((error: unknown) => {
    if (allowRollback) return {};
    throw error;
  });
  if ((known[name] ?? 0) >= revision) return;
  const file = fileIn(folder);
  await mkdir(folder, { recursive: true });
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
    'bundle.revisions-unreadable',
    `The revisions that this device has run cannot be read from ${file}: ${errorMessage(cause)}. Restore the file, or remove it when nobody tampered with the device.`,
    { cause },
  );

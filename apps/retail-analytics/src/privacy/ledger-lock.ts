import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';

const ownerSchema = z.strictObject({ pid: z.int().positive(), startedAt: z.string() });
type Owner = z.infer<typeof ownerSchema>;

export interface WriterLock {
  /** False where another process took the folder although this one still runs. */
  held(): boolean;
  release(): void;
}

/**
 * One writer per ledger. The lock names a process by its id and its start time, so that a process that died, or another
 * one with the same id after a restart of the machine or container, does not hold it.
 * @throws ConfigError `ledger.in-use`
 */
export function takeWriterLock(folder: string): WriterLock {
  const file = join(folder, 'writer.lock');
  const own: Owner = { pid: process.pid, startedAt: startOf(process.pid) ?? 'unknown' };
  const text = JSON.stringify(own);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createExclusively(file, text)) {
      return {
        held: () => read(file) === text,
        release: () => {
          if (read(file) === text) rmSync(file, { force: true });
        },
      };
    }
    const found = read(file);
    if (found === undefined) continue;
    if (isAlive(found)) {
      throw new ConfigError(
        'ledger.in-use',
        `Another process writes the budget ledger in ${folder} (${found}). Stop it, or give this node a folder of its own.`,
      );
    }
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    rmSync(aside, { force: true });
  }
  throw new ConfigError(
    'ledger.in-use',
    `Several processes try to open the budget ledger in ${folder}. Start one of them.`,
  );
}

function createExclusively(file: string, text: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, text);
    closeSync(handle);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A lock whose text is cut short was being written when its process died. */
function isAlive(text: string): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
  const owner = ownerSchema.safeParse(parsed);
  if (!owner.success) return false;
  try {
    process.kill(owner.data.pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const startedAt = startOf(owner.data.pid);
  return startedAt === undefined || startedAt === owner.data.startedAt;
}

/** Boot and clock tick at which a process began, where the system tells. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

import { closeSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

/**
 * One writer per journal. The lock names a process by id and start time, so that one that died, or another one with its id, does not
 * hold it. @returns a function that gives it back @throws ConfigError `alarms.journal-in-use`
 */
export function takeJournalLock(folder: string): () => void {
  const file = join(folder, 'writer.lock');
  const own = nameOf(process.pid) ?? `${process.pid}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createWith(file, own)) {
      // Left by a process that died while it took the lock over.
      for (const name of readdirSync(folder))
        if (name.startsWith('writer.lock.')) rmSync(join(folder, name), { force: true });
      return () => (read(file) === own ? rmSync(file, { force: true }) : undefined);
    }
    const found = read(file);
    if (found === undefined) continue;
    const pid = Number(found.split(' ')[0]);
    const alive = Number.isInteger(pid) && pid > 0 && isRunning(pid) && (nameOf(pid) ?? found) === found;
    if (alive)
      throw new ConfigError(
        'alarms.journal-in-use',
        `Process ${pid} writes the alarm journal in ${folder}. Stop it, or give this gateway a state folder of its own.`,
      );
    renameSync(file, `${file}.${process.pid}`);
    rmSync(`${file}.${process.pid}`, { force: true });
  }
  throw new ConfigError(
    'alarms.journal-in-use',
    `Several gateways try to open the alarm journal in ${folder}. Start one of them.`,
  );
}

function createWith(file: string, text: string): boolean {
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

/** `pid boot start-tick` where the system tells. */
function nameOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    return `${pid} ${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
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

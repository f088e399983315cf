import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

/**
 * One writer for a folder. The lock names a process by id and start time, so that neither a dead process nor another one
 * with its id after a restart holds it.
 * @returns gives the folder free
 * @throws ConfigError `audit.in-use`
 */
export function takeWriterLock(folder: string): () => void {
  const file = join(folder, 'writer.lock');
  const own = `${process.pid} ${startOf(process.pid)}`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createExclusively(file, own)) return () => void (read(file) === own && rmSync(file, { force: true }));
    const found = read(file);
    if (found === undefined) continue;
    if (isAlive(found))
      throw new ConfigError(
        'audit.in-use',
        `Another process writes the trail in ${folder} (${found}). Stop it, or name another folder.`,
      );
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    rmSync(aside, { force: true });
  }
  throw new ConfigError('audit.in-use', `Several processes try to open the trail in ${folder}. Start one of them.`);
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

function isAlive(text: string): boolean {
  const [, pid, started] = /^(\d+) (.+)$/.exec(text) ?? [];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  return startOf(Number(pid)) === started;
}

/** Boot and clock tick at which a process began, where the system tells. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch (error) {
    if (error instanceof Error) return 'unknown';
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

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

/**
 * Marks a folder as this process's own, until the returned function is called or the process is gone. The mark carries
 * the process's start as well, because numbers of processes come again.
 * @throws ConfigError `hub.store-in-use`
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'in-use');
  const own = `${process.pid} ${startOf(process.pid) ?? ''}`;
  for (;;) {
    try {
      writeFileSync(file, own, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const [pid = '', start = ''] = readFileSync(file, 'utf8').split(' ');
    if (isAlive(Number(pid)) && (startOf(Number(pid)) ?? '') === start) {
      throw new ConfigError(
        'hub.store-in-use',
        `The store in ${folder} is open in process ${pid}. Stop that hub, give this one another store.folder, or use PostgreSQL for several processes.`,
      );
    }
    rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Start of a process in clock ticks since the machine's start; undefined where the kernel does not tell. */
function startOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and may hold spaces: count from the last bracket.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

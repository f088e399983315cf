// Everything that a process and its threads and children give to the kernel to keep or send, by strace.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Calls whose bytes strace shows. */
const shown = ['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'sendto', 'sendmsg', 'sendmmsg'];
/** Calls that move bytes past it. */
const hidden = ['sendfile', 'splice', 'tee', 'vmsplice', 'copy_file_range', 'io_uring_setup', 'process_vm_writev'];

export function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Starts a command under the watch. Node's own io_uring is off, so that its file writes are calls that can be seen. */
export function spawnWatched(
  log: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const calls = [...shown, ...hidden, 'mmap', 'openat', 'open', 'creat'].join(',');
  return spawn(
    'strace',
    [
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-yy',
      '-xx',
      '-s',
      '33554432',
      '-e',
      `trace=${calls}`,
      '-e',
      'signal=none',
      '-o',
      log,
      '--',
      ...command,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, UV_USE_IO_URING: '0', ...env } },
  );
}

export interface Watched {
  /** What went to each file, socket and pipe, joined in order. */
  readonly streams: ReadonlyMap<string, Buffer>;
  /** Files that were opened for writing. */
  readonly opened: ReadonlySet<string>;
  /** Calls that this watch cannot look into. */
  readonly unseen: readonly string[];
  readonly calls: number;
}

/** Targets that carry wake-ups between threads and nothing else: eight bytes at a time. */
const wakeUp = /^anon_inode:\[eventfd\]$/;

export async function readWatch(log: string): Promise<Watched> {
  const chunks = new Map<string, Buffer[]>();
  const opened = new Set<string>();
  const unseen: string[] = [];
  let calls = 0;
  for await (const line of createInterface({ input: createReadStream(log, 'latin1'), crlfDelay: Infinity })) {
    const call = /^\d+\s+(\w+)\(/.exec(line);
    const name = call?.[1];
    if (call === null || name === undefined) continue;
    const rest = line.slice(call[0].length);
    if (name === 'openat' || name === 'open' || name === 'creat') {
      if (name === 'creat' || /O_WRONLY|O_RDWR/.test(rest))
        opened.add(unhex(/"((?:\\x[0-9a-f]{2})*)"/.exec(rest)?.[1] ?? ''));
      continue;
    }
    if (name === 'mmap') {
      const file = /MAP_SHARED[A-Z_|]*, \d+<((?:[^>]|\\x3e)*)>/.exec(rest)?.[1];
      if (rest.includes('PROT_WRITE') && file !== undefined) unseen.push(`mmap of ${unhex(file)}`);
      continue;
    }
    if (hidden.includes(name)) {
      if (!/= -1 E/.test(rest)) unseen.push(`${name} ${rest.slice(0, 120)}`);
      continue;
    }
    calls += 1;
    const target = unhex(/^\d+<(.*?)>[,)]/.exec(rest)?.[1] ?? 'unknown');
    if (wakeUp.test(target)) continue;
    const bytes = Buffer.from(
      [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map((match) => (match[1] ?? '').replaceAll('\\x', '')).join(''),
      'hex',
    );
    if (/"\.\.\./.test(rest)) unseen.push(`${name} to ${target} is longer than the watch shows`);
    const list = chunks.get(target) ?? [];
    list.push(bytes);
    chunks.set(target, list);
  }
  return {
    streams: new Map([...chunks].map(([target, list]) => [target, Buffer.concat(list)])),
    opened,
    unseen,
    calls,
  };
}

function unhex(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export interface DemoProcess {
  readonly output: () => string;
  /** Resolves with the first match of the demo's output. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<number | null>;
  readonly folder: string;
  readJson(name: string): Promise<unknown>;
  /** Processes that still run with this run's data folder on their command line. */
  orphans(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** Starts `npm start` as a user would, on free ports, with a state folder of its own. */
export async function startDemo(args: readonly string[]): Promise<DemoProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-e2e-'));
  const child = spawn(
    'npm',
    [
      'start',
      '--silent',
      '--',
      '--data',
      join(folder, 'state'),
      '--port',
      '0',
      '--modbus-port',
      '0',
      ...args.map((a) => a.replace('{folder}', folder)),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let text = '';
  let listener: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      listener();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    folder,
    output: () => text,
    waitFor: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match) {
            clearTimeout(timer);
            listener = () => undefined;
            resolve(match);
          }
        };
        const timer = setTimeout(
          () => reject(new Error(`no ${pattern} within ${timeoutMs} ms in:\n${text}`)),
          timeoutMs,
        );
        listener = look;
        void exited.then(() => setTimeout(() => reject(new Error(`the demo ended before ${pattern}:\n${text}`)), 50));
        look();
      }),
    // Like Ctrl-C in a terminal: the whole foreground group gets it.
    signal: (name) => void (child.pid !== undefined && process.kill(-child.pid, name)),
    exited,
    readJson: async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')),
    orphans: async () => {
      const { execFileSync } = await import('node:child_process');
      return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(folder));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

// A process of its own for one life of the alarm desk, bundled to one file so that it starts in the time that Node itself takes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { z } from 'zod';

export interface DeskLife {
  readonly lines: () => readonly Record<string, unknown>[];
  /** Resolves with this many lines, or with the end of the process. */
  readonly said: (lines: number) => Promise<void>;
  readonly go: (boot: string) => void;
  readonly kill: () => Promise<void>;
}

export async function bundleDesk(folder: string): Promise<string> {
  const conditions = ['@edge-blueprints/source', 'node'];
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    ssr: { noExternal: true, resolve: { conditions } },
    build: {
      ssr: join(import.meta.dirname, 'kill-main.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      rollupOptions: { output: { entryFileNames: 'kill-main.mjs', format: 'es' } },
    },
  });
  return join(folder, 'kill-main.mjs');
}

export function startLife(file: string, folder: string): DeskLife {
  const child = spawn(process.execPath, [file, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  let wake: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    wake();
  });
  child.stdin.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    lines: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line))),
    said: (lines) =>
      new Promise((resolve) => {
        wake = () => (text.split('\n').length > lines ? resolve() : undefined);
        wake();
        void closed.then(resolve);
      }),
    go: (boot) => void child.stdin.write(`go ${boot}\n`),
    kill: () => {
      child.kill('SIGKILL');
      return closed;
    },
  };
}

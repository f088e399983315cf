// A process that tells events as JSON lines on its standard output.
import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';

export interface Process {
  readonly child: ChildProcess;
  readonly text: () => string;
  readonly errors: () => string;
  event(name: string, timeoutMs: number): Promise<Record<string, unknown>>;
  /** Stops it, hard after a while. @returns its exit code */
  stop(how: () => void): Promise<number | null>;
}

export function follow(child: ChildProcess): Process {
  let text = '';
  let errors = '';
  let wake: () => void = () => undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    wake();
  });
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-20_000)));
  child.stdin?.on('error', () => undefined);
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    text: () => text,
    errors: () => errors,
    event: (name, timeoutMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no event ${name} in ${timeoutMs} ms:\n${text}\n${errors}`)),
          timeoutMs,
        );
        wake = () => {
          const line = text.split('\n').find((l) => l.startsWith('{') && l.includes(`"event":"${name}"`));
          if (line === undefined) return;
          clearTimeout(timer);
          resolve(z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
        };
        wake();
        void closed.then(() => reject(new Error(`ended before ${name}:\n${text}\n${errors}`)));
      }),
    stop: async (how) => {
      how();
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const code = await closed;
      clearTimeout(timer);
      return code;
    },
  };
}

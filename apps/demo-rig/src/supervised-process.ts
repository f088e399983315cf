import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DeviceError } from '@edge-blueprints/contracts';
import { z } from 'zod';

const eventSchema = z.looseObject({ event: z.string() });
const readySchema = z.looseObject({ event: z.literal('ready'), ports: z.record(z.string(), z.number()).default({}) });

export type ProcessEvent = z.infer<typeof eventSchema>;

export interface SupervisedProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** Ports of its ready event, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** The whole ready event. */
  readonly ready: ProcessEvent;
  send(command: Readonly<Record<string, unknown>>): void;
  /** SIGKILL, as a fault. */
  kill(): void;
  /** Asks it to stop and waits; kills it after `graceMs`. @returns its exit code, null when it had to be killed */
  stop(graceMs?: number): Promise<number | null>;
  readonly exited: Promise<number | null>;
}

export interface SupervisedOptions {
  readonly name: string;
  /** TypeScript entry, absolute. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly onEvent: (event: ProcessEvent) => void;
  readonly onLog: (line: string) => void;
  readonly readyTimeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a process and waits for its ready event. Its standard input stays open as its lifeline: when this process
 * dies, even by SIGKILL, the child reads end-of-file and stops.
 * @throws DeviceError `demo.start-failed` with the last lines of its log
 */
export async function startSupervised(options: SupervisedOptions): Promise<SupervisedProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=@edge-blueprints/source', '--import', 'tsx', options.entry, ...options.args, '--supervised'],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...options.env }, detached: true },
  );
  const lastLines: string[] = [];
  child.stdin.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > 12) lastLines.shift();
    options.onLog(line);
  });
  const ready = await new Promise<z.infer<typeof readySchema>>((resolve, reject) => {
    const fail = (why: string): void => {
      reject(
        new DeviceError(
          'demo.start-failed',
          `The ${options.name} did not start: ${why}\n${lastLines.join('\n')}`.trimEnd(),
          { retry: 'safe' },
        ),
      );
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`not ready after ${options.readyTimeoutMs} ms`);
    }, options.readyTimeoutMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => {
      clearTimeout(timer);
      // The pipe may still hold the lines that explain the exit.
      setImmediate(() => fail(`exit code ${code}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = parse(line);
      if (!event) return options.onLog(line);
      const first = readySchema.safeParse(event);
      if (first.success) {
        clearTimeout(timer);
        resolve(first.data);
      }
      options.onEvent(event);
    });
  });
  const send = (command: Readonly<Record<string, unknown>>): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(command)}\n`);
  };
  return {
    name: options.name,
    pid: child.pid,
    ports: ready.ports,
    ready,
    send,
    exited,
    kill: () => void child.kill('SIGKILL'),
    stop: (graceMs = 5_000) => stop(child, exited, send, graceMs),
  };
}

async function stop(
  child: ChildProcess,
  exited: Promise<number | null>,
  send: (command: Readonly<Record<string, unknown>>) => void,
  graceMs: number,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  send({ command: 'stop' });
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  const code = await exited;
  clearTimeout(timer);
  return code;
}

function parse(line: string): ProcessEvent | undefined {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

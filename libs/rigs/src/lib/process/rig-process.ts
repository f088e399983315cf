import { createInterface } from 'node:readline';
import type { Clock, Logger } from '@edge-blueprints/contracts';
import { createJsonLogger, errorCode, errorMessage, systemClock } from '@edge-blueprints/contracts';
import { z } from 'zod';

export interface RigSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  /** One event as a JSON line on standard output. */
  emit(event: Readonly<Record<string, unknown>>): void;
  /** Ends the process as the stop command does. */
  stop(): void;
}

export interface RunningRig<Command> {
  /** Goes into the ready event. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly commands: z.ZodType<Command>;
  obey(command: Command): Promise<void> | void;
  close(): Promise<void>;
}

/**
 * Life of a simulator process: starts, tells `ready`, obeys NDJSON commands on standard input, and stops with exit code 0
 * on SIGTERM, SIGINT, `{"command":"stop"}`, and when supervised on the end of its input, so that it never outlives the
 * process that started it. Exit code 1 when it cannot start.
 */
export async function runRigProcess<Command>(
  part: string,
  supervised: boolean,
  start: (surroundings: RigSurroundings) => Promise<RunningRig<Command>>,
): Promise<void> {
  const logger = createJsonLogger({
    write: (line) => process.stderr.write(line),
    now: () => systemClock.epochMs(),
    fields: { part },
  });
  let announceStop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (announceStop = resolve));
  const emit = (event: Readonly<Record<string, unknown>>): void =>
    void process.stdout.write(`${JSON.stringify(event)}\n`);
  // The reader of our events may be gone before us; that is no reason to fail.
  process.stdout.on('error', announceStop);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, announceStop);
  const fail = (event: string, error: unknown): void => {
    logger.error(event, { code: errorCode(error), reason: errorMessage(error) });
    process.exitCode = 1;
  };
  const input = createInterface({ input: process.stdin });
  // Attached before the start, which may take seconds: a parent that dies meanwhile must be noticed.
  if (supervised) input.once('close', announceStop);
  let rig: RunningRig<Command> | undefined;
  const early: string[] = [];
  const read = (line: string): void => {
    if (line.trim() === '') return;
    if (!rig) {
      if (early.length < 100) early.push(line);
      return;
    }
    const command = parse(rig.commands, line);
    if (command.kind === 'stop') announceStop();
    else if (command.kind === 'bad') emit({ event: 'bad-command', reason: command.reason });
    else void Promise.resolve(rig.obey(command.command)).catch((error: unknown) => fail('rig.command-failed', error));
  };
  input.on('line', read);
  try {
    rig = await start({ clock: systemClock, logger, emit, stop: announceStop });
    emit({ event: 'ready', part, pid: process.pid, ...rig.ready });
    for (const line of early.splice(0)) read(line);
    await stopped;
  } catch (error) {
    fail('rig.start-failed', error);
  }
  input.close();
  process.stdin.destroy();
  await rig?.close().catch((error: unknown) => fail('rig.close-failed', error));
  // Written out before the exit: the last events are the ones that matter.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit();
}

type Parsed<Command> =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'stop' }
  | { readonly kind: 'bad'; readonly reason: string };

const stopSchema = z.object({ command: z.literal('stop') });

function parse<Command>(schema: z.ZodType<Command>, line: string): Parsed<Command> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'bad', reason: `not JSON: ${line.slice(0, 80)}` };
  }
  if (stopSchema.safeParse(value).success) return { kind: 'stop' };
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { kind: 'command', command: parsed.data }
    : { kind: 'bad', reason: z.prettifyError(parsed.error) };
}

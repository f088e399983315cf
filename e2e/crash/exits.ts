// Schedules in which the process really ends at an operation and is started again, with the hub on the other side.
import { fork } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createRandom, type Random } from '@edge-blueprints/contracts';
import { openControl } from './fault-fs.js';
import { createWorld, type World } from './world.js';

const entry = z.object({ sequence: z.number(), type: z.string(), data: z.string() });
const found = z.object({ epoch: z.string(), highest: z.number(), missing: z.number(), twice: z.number() });
const said = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('start'), found, waiting: z.array(entry) }),
  z.object({ verb: z.literal('try'), token: z.string() }),
  z.object({ verb: z.literal('stored'), token: z.string(), sequence: z.number(), critical: z.boolean() }),
  z.object({ verb: z.literal('batch'), epoch: z.string(), entries: z.array(entry) }),
  z.object({ verb: z.literal('drained'), found }),
]);

/** @throws Violation */
export async function runExits(options: {
  readonly count: number;
  readonly seed: number;
  readonly folder: string;
  readonly controlFile: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onStart: (done: number) => void;
}): Promise<{ readonly exits: number; readonly promised: number; readonly duplicatesRefused: number }> {
  const random = createRandom(options.seed).fork('exits');
  const control = openControl(options.controlFile);
  const world = createWorld('power-cut');
  let folder = join(options.folder, 'start-0');
  mkdirSync(folder, { recursive: true });
  for (let n = 1; n <= options.count + 1; n++) {
    const last = n > options.count;
    control.reset();
    if (!last) control.cutAfter(random.integer(20, 260), random.integer(1, 2 ** 31), { exit: true });
    const code = await device({ ...options, folder, world, random, drain: last });
    if (!last && code !== 137) throw new TypeError(`the device ended with ${code}, not by the power cut`);
    if (last && code !== 0) throw new TypeError(`the device could not drain and ended with ${code}`);
    const next = join(options.folder, `start-${n}`);
    cpSync(folder, next, { recursive: true, filter: (name) => !/-shm$|\.gone-/.test(name) });
    rmSync(folder, { recursive: true });
    folder = next;
    options.onStart(n);
  }
  control.close();
  for (const name of readdirSync(options.folder)) rmSync(join(options.folder, name), { recursive: true });
  return { exits: options.count, promised: world.promised(), duplicatesRefused: world.hub.duplicates() };
}

async function device(options: {
  readonly folder: string;
  readonly world: World;
  readonly random: Random;
  readonly drain: boolean;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<number | null> {
  const { world, random, drain } = options;
  const hex = (): string => Array.from({ length: 16 }, () => random.integer(0, 15).toString(16)).join('');
  const child = fork(
    join(import.meta.dirname, 'device-main.ts'),
    [
      join(options.folder, 'outbox.sqlite'),
      String(random.integer(1, 2 ** 31)),
      String(world.tokens()),
      hex(),
      hex(),
      drain ? 'drain' : '',
    ],
    {
      execArgv: ['--conditions=@edge-blueprints/source', '--import', 'tsx'],
      env: { ...process.env, ...options.environment },
    },
  );
  const late: (() => void)[] = [];
  let failure: unknown;
  const acknowledge = (epoch: string, accepted: readonly (readonly [number, number])[]): void => {
    if (child.connected) child.send({ epoch, accepted: [...accepted], refused: [] }, () => undefined);
  };
  child.on('message', (message) => {
    try {
      const heard = said.parse(message);
      switch (heard.verb) {
        case 'start':
          return world.check(heard.found, heard.waiting);
        case 'try':
          return world.attempt(heard.token);
        case 'stored':
          return world.accept(heard.token, heard.sequence, heard.critical);
        case 'drained':
          return world.checkHub(heard.found.highest);
        case 'batch': {
          world.see(heard.entries);
          const accepted = world.hub.receive(heard.epoch, heard.entries);
          const dice = drain ? 1 : random.next();
          if (dice < 0.3) return undefined;
          if (dice < 0.5) return void late.push(() => acknowledge(heard.epoch, accepted));
          acknowledge(heard.epoch, accepted);
          if (dice < 0.6) acknowledge(heard.epoch, accepted);
          for (const send of late.splice(0).reverse()) send();
          return undefined;
        }
        default:
          return heard satisfies never;
      }
    } catch (error) {
      failure ??= error;
      child.kill('SIGKILL');
      return undefined;
    }
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  if (failure !== undefined) throw failure;
  return code;
}

// Runs under fault-fs: a store's day, with the power gone at every single one of its durable operations.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openControl } from '../crash/fault-fs.js';
import { createPromises } from './promises.js';
import { firstHour, openStore } from './store.js';

const [root = '', controlFile = '', variants = '4'] = process.argv.slice(2);
const control = openControl(controlFile);

/** First start, windows, a long window, midnight with its new file, a second start. */
function cycle(folder: string, promises: ReturnType<typeof createPromises>): void {
  const start = firstHour + 20;
  const first = openStore(folder, start, promises.hear);
  for (const hour of [start, start + 1]) first.hour(hour);
  first.close();
  const second = openStore(folder, start + 2, promises.hear);
  for (let hour = start + 1; hour < start + 6; hour += 1) second.hour(hour);
  second.close();
}

function run(cut: { readonly at: number; readonly seed: number; readonly survival: number } | undefined): number {
  const promises = createPromises();
  let folder = join(root, 'before');
  mkdirSync(folder);
  control.reset();
  if (cut) control.cutAfter(cut.at, cut.seed, { survival: cut.survival });
  try {
    cycle(folder, promises);
  } catch (error) {
    // A start on a dead disk may fail as it likes; a promise that is broken may not.
    if (!control.dead() || (error instanceof Error && error.constructor.name === 'Broken')) throw error;
  }
  const operations = control.get('operations');
  if (cut && !control.dead()) throw new Error(`operation ${cut.at} never came`);
  control.reset();
  folder = control.aside(() => {
    const next = join(root, 'after');
    copyFolder(folder, next);
    rmSync(folder, { recursive: true });
    return next;
  });
  control.aside(() => promises.check(folder));
  cycle(folder, promises);
  control.aside(() => {
    promises.check(folder);
    rmSync(folder, { recursive: true });
  });
  return operations;
}

/** The machine starts again: what is on the disk, without the lock of a process that is no more. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyFolder(join(from, entry.name), join(to, entry.name));
    else if (!entry.name.startsWith('.gone-') && !entry.name.startsWith('writer.lock'))
      copyFileSync(join(from, entry.name), join(to, entry.name));
  }
}

// All of the unsynced writes survive (as after a kill), none, then drawn ones, torn within sectors.
const survivals = [1_000, 0, ...Array<number>(Math.max(0, Number(variants) - 2)).fill(2_000)];
let cuts = 0;
let at = 0;
try {
  const operations = run(undefined);
  for (at = 1; at <= operations; at += 1)
    for (const [variant, survival] of survivals.entries()) {
      run({ at, seed: at * 7_919 + variant, survival });
      cuts += 1;
    }
  process.send?.({ operations, cuts });
} catch (error) {
  process.send?.({ failed: `operation ${at}, cut ${cuts}: ${error instanceof Error ? error.stack : String(error)}` });
  process.exitCode = 1;
}
control.close();
process.disconnect?.();

// Runs under fault-fs: one canonical cycle of an outbox, cut at every single one of its durable operations.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, errorCode } from '@edge-blueprints/contracts';
import { openControl, operationKinds } from './fault-fs.js';
import { append, closeQuietly, openDevice, restart, type Device } from './life.js';
import { createWorld, Violation } from './world.js';

const [root = '', controlFile = '', seedText = '', variantsText = ''] = process.argv.slice(2);
const control = openControl(controlFile);
const everything = { events: 1_000_000, bytes: 1e12, inFlight: [] };

/** First start, single and grouped commits, eviction, acknowledgement, refusal, checkpoints, close, and a second start. */
function cycle(device: Device, reopen: () => Device): void {
  let d = device;
  const epochOf = (): string => (d.epoch.value = d.outbox.contiguity(d.now()).epoch);
  epochOf();
  for (let i = 0; i < 3; i++) append(d, 1);
  append(d, 4);
  for (let i = 0; i < 4; i++) append(d, 4, 3_000);
  const first = d.outbox.next({ events: 10, bytes: 1e6, inFlight: [] }, d.now());
  d.outbox.acknowledge(epochOf(), d.world.hub.receive(d.epoch.value, first), d.now());
  const [second] = d.outbox.next({ events: 1, bytes: 1e6, inFlight: [] }, d.now());
  if (second && !second.type.includes('.gap.')) {
    d.world.refuse(second.sequence);
    d.outbox.refuse(d.epoch.value, [second], d.now());
  }
  d.outbox.close();
  d = reopen();
  append(d, 3);
  d.outbox.check(d.now());
  const rest = d.outbox.next(everything, d.now());
  d.outbox.acknowledge(d.epoch.value, d.world.hub.receive(d.epoch.value, rest), d.now());
  d.outbox.close();
}

/** @returns operations of the cycle when nothing is cut, or whether the cut came */
function run(cut: { readonly at: number; readonly seed: number; readonly survival: number } | undefined): number {
  const random = createRandom(Number(seedText));
  const world = createWorld('power-cut');
  let time = 0;
  let folder = join(root, 'start-0');
  mkdirSync(folder);
  const shared = { world, random, batches: [], epoch: { value: '' } };
  const open = (): Device => ({
    ...shared,
    outbox: openDevice(folder, { random, checkpointPages: 10 }),
    now: () => ({ epochMs: 1e12 + time, uptimeMs: time }),
    pass: (ms) => void (time += ms),
  });
  control.reset();
  if (cut) control.cutAfter(cut.at, cut.seed, { survival: cut.survival });
  let current = open();
  try {
    cycle(current, () => (current = open()));
  } catch (error) {
    if (!control.dead() || errorCode(error) !== 'outbox.disk') throw error;
  }
  const operations = control.get('operations');
  if (cut && !control.dead()) throw new Violation(`operation ${cut.at} never came`);
  closeQuietly(current.outbox);
  folder = restart(control, root, folder, 1);
  const last = open();
  const found = last.outbox.contiguity(last.now());
  last.epoch.value = found.epoch;
  world.check(found, last.outbox.next(everything, last.now()));
  append(last, 1);
  for (let entries = last.outbox.next(everything, last.now()); entries.length > 0;) {
    world.see(entries);
    last.outbox.acknowledge(found.epoch, world.hub.receive(found.epoch, entries), last.now());
    entries = last.outbox.next(everything, last.now());
  }
  world.checkHub(last.outbox.stats(last.now()).highest);
  last.outbox.close();
  control.reset();
  control.aside(() => rmSync(folder, { recursive: true }));
  return operations;
}

// All of the unsynced writes survive (SIGKILL), none, then drawn ones.
const survivals = [1_000, 0, ...Array<number>(Math.max(0, Number(variantsText) - 2)).fill(2_000)];
const before = control.counts();
const operations = run(undefined);
const after = control.counts();
const kinds = Object.fromEntries(operationKinds.map((kind) => [kind, after[kind] - before[kind]]));
let cuts = 0;
try {
  for (let at = 1; at <= operations; at++) {
    for (const [variant, survival] of survivals.entries()) {
      run({ at, seed: at * 7919 + variant, survival });
      cuts++;
    }
    if (at % 10 === 0) {
      process.send?.({ at, operations });
      globalThis.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  process.send?.({ operations, cuts, kinds });
} catch (error) {
  const text = error instanceof Error ? error.stack : String(error);
  process.send?.({ failed: `cycle, seed ${seedText}, cut ${cuts} of ${operations} x ${survivals.length}: ${text}` });
  process.exitCode = 1;
}
control.close();
process.disconnect?.();

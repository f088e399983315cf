// One device from its first start over many power cuts to the end, all in this process.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode, type Random } from '@edge-blueprints/contracts';
import type { Instant } from '../../libs/telemetry/src/lib/outbox/outbox-ledger.js';
import { highWaterMark } from '../../libs/telemetry/src/lib/outbox/high-water-mark.js';
import { openSqliteOutbox, type SqliteOutbox } from '../../libs/telemetry/src/lib/outbox/sqlite-outbox.js';
import type { Control } from './fault-fs.js';
import { createWorld, Violation, type Rules, type SeenEntry, type World } from './world.js';

const everything = { events: 1_000_000, bytes: 1e12, inFlight: [] };
const limits = { maxBytes: 40_000, criticalBytes: 12_000, maxAgeMs: 3_600_000 };
const numberBlock = 9;

export interface Device {
  readonly outbox: SqliteOutbox;
  readonly world: World;
  readonly random: Random;
  readonly now: () => Instant;
  readonly pass: (ms: number) => void;
  readonly batches: SeenEntry[][];
  readonly epoch: { value: string };
}

/** Opens the outbox of a folder. */
export function openDevice(
  folder: string,
  options: {
    readonly random: Random;
    readonly checkpointPages: number;
    readonly onRecovery?: (reason: string) => void;
  },
): SqliteOutbox {
  return openSqliteOutbox({
    ...limits,
    file: join(folder, 'outbox.sqlite'),
    checkpointPages: options.checkpointPages,
    numberBlock,
    boot: hex(options.random),
    newEpoch: hex(options.random),
    onRecovery: options.onRecovery ?? (() => undefined),
  });
}

/** @param bytes of each event; drawn by default */
export function append(device: Device, count: number, bytes?: number): void {
  const { outbox, world, random, now } = device;
  const events = Array.from({ length: count }, () => {
    const deliveryClass = random.pick(['critical', 'business', 'business', 'metric'] as const);
    const token = world.token();
    const drawn = random.next() < 0.1 ? random.integer(2_000, 6_000) : random.integer(0, 300);
    const target = 'x'.repeat(bytes ?? drawn);
    return { token, deliveryClass, data: { who: token, action: 'a', target, reason: '' } };
  });
  const results = outbox.append(
    events.map(({ deliveryClass, data }) => ({
      type: 'edge-blueprints.audit.v1' as const,
      deliveryClass,
      simulated: true,
      ...now(),
      data,
    })),
    now(),
  );
  results.forEach((result, i) => {
    const event = events[i];
    if (!event) return;
    if ('failure' in result || result.sequence === null) world.deny(event.token);
    else world.accept(event.token, result.sequence, event.deliveryClass === 'critical');
  });
}

/** A batch goes to the hub; acknowledgements get lost, come twice, late and in another order. */
export function send(device: Device): void {
  const { outbox, world, random, now, batches, epoch } = device;
  const entries = outbox.next(
    { events: random.integer(1, 12), bytes: random.integer(1_000, 30_000), inFlight: [] },
    now(),
  );
  world.see(entries);
  if (entries.length > 0) batches.push([...entries]);
  if (batches.length > 6) batches.shift();
  const [chosen] =
    batches.length > 0 && random.next() < 0.3 ? [random.pick([batches[0] ?? [], ...batches])] : [entries];
  const acknowledged = world.hub.receive(epoch.value, chosen);
  if (random.next() < 0.25) return;
  outbox.acknowledge(epoch.value, acknowledged, now());
  if (random.next() < 0.1) outbox.acknowledge(epoch.value, acknowledged, now());
}

function step(device: Device): void {
  const { outbox, random, now, pass, world, epoch } = device;
  const dice = random.next();
  pass(random.integer(0, 20_000));
  if (dice < 0.62) append(device, random.next() < 0.7 ? 1 : random.integer(2, 8));
  else if (dice < 0.9) send(device);
  else if (dice < 0.94) {
    const entries = outbox.next({ events: 2, bytes: 1e6, inFlight: [] }, now());
    world.see(entries);
    // A hub that refuses gap records keeps its holes, and says so; that is not what is asked here.
    const fresh = entries.filter((e) => !world.hub.has(epoch.value, e.sequence) && !e.type.includes('.gap.'));
    for (const { sequence } of fresh) world.refuse(sequence);
    outbox.refuse(epoch.value, fresh, now());
  } else if (dice < 0.97) outbox.stats(now());
  else outbox.check(now());
}

export interface LifeResult {
  readonly cuts: number;
  readonly cutKinds: Readonly<Record<string, number>>;
  readonly promised: number;
  readonly delivered: number;
  readonly duplicatesRefused: number;
  readonly recoveries: number;
}

/** @throws Violation */
export async function runLife(
  control: Control,
  root: string,
  random: Random,
  options: { readonly cuts: number; readonly rules: Rules; readonly diskErrors: boolean },
): Promise<LifeResult> {
  const world = createWorld(options.rules);
  const cutKinds: Record<string, number> = {};
  const batches: SeenEntry[][] = [];
  const epoch = { value: '' };
  let time = 0;
  let wall = Date.UTC(2026, 0, 1);
  let recoveries = 0;
  let copy: string | undefined;
  let folder = join(root, 'start-0');
  mkdirSync(folder);

  const device = (outbox: SqliteOutbox): Device => ({
    outbox,
    world,
    random,
    batches,
    epoch,
    now: () => ({ epochMs: wall, uptimeMs: time }),
    pass: (ms) => {
      time += ms;
      wall += ms + (random.next() < 0.01 ? random.integer(-1, 1) * 366 * 86_400_000 : 0);
    },
  });
  const open = (): SqliteOutbox =>
    openDevice(folder, { random, checkpointPages: random.pick([4, 12, 40]), onRecovery: () => recoveries++ });
  const inspect = (d: Device): void => {
    const found = d.outbox.contiguity(d.now());
    epoch.value = found.epoch;
    const waiting = d.outbox.next(everything, d.now());
    world.check(d.outbox.contiguity(d.now()), waiting);
  };

  for (let cut = 0; cut < options.cuts; cut++) {
    control.cutAfter(random.next() < 0.3 ? random.integer(1, 25) : random.integer(1, 90), random.integer(1, 2 ** 31));
    const d = device(open());
    try {
      inspect(d);
      for (let steps = 0; !control.dead(); steps++) {
        if (steps > 2_000) throw new Violation('the armed operation never came');
        if (random.next() < 0.03) {
          d.outbox.close();
          inspect(d);
        }
        step(d);
      }
    } catch (error) {
      if (!control.dead()) throw error;
      if (errorCode(error) !== 'outbox.disk') throw error;
    }
    closeQuietly(d.outbox);
    cutKinds[control.cutKind()] = (cutKinds[control.cutKind()] ?? 0) + 1;
    folder = restart(control, root, folder, cut + 1);
    if (options.rules === 'damage' && random.next() < 0.5) control.aside(() => damage(folder, random, copy));
    if (random.next() < 0.2) copy = control.aside(() => copyFolder(folder, join(root, 'copy')));
    if (options.diskErrors) failingDisk(control, device(open()), random);
    // Connections that were let go of keep their files until they are collected.
    if (cut % 10 === 9) globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }

  const last = device(open());
  inspect(last);
  for (;;) {
    const entries = last.outbox.next(everything, last.now());
    world.see(entries);
    if (entries.length === 0) break;
    last.outbox.acknowledge(epoch.value, world.hub.receive(epoch.value, entries), last.now());
  }
  inspect(last);
  world.checkHub(last.outbox.stats(last.now()).highest);
  last.outbox.close();
  control.reset();
  control.aside(() => {
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  });
  return {
    cuts: options.cuts,
    cutKinds,
    promised: world.promised(),
    delivered: world.hub.events(),
    duplicatesRefused: world.hub.duplicates(),
    recoveries,
  };
}

/** The power is back: only what is on the disk is there, in a folder of its own so that old handles reach nothing. */
export function restart(control: Control, root: string, folder: string, n: number): string {
  control.reset();
  return control.aside(() => {
    const next = copyFolder(folder, join(root, `start-${n}`));
    rmSync(folder, { recursive: true });
    return next;
  });
}

function copyFolder(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const name of readdirSync(from))
    if (!name.startsWith('.gone-') && !name.endsWith('-shm')) copyFileSync(join(from, name), join(to, name));
  return to;
}

/** Some operations fail, full disk or dead sector; every call fails cleanly or works, and all is well afterwards. */
function failingDisk(control: Control, d: Device, random: Random): void {
  d.epoch.value = d.outbox.contiguity(d.now()).epoch;
  control.failAfter(random.integer(1, 60), random.integer(1, 12), random.pick([5, 28]));
  for (let i = 0; i < 25; i++) {
    try {
      step(d);
    } catch (error) {
      if (errorCode(error) !== 'outbox.disk') throw error;
    }
  }
  control.disarm();
  const found = d.outbox.contiguity(d.now());
  d.epoch.value = found.epoch;
  d.world.check(found, d.outbox.next(everything, d.now()));
  append(d, 1);
  closeQuietly(d.outbox);
}

/** One fault at a time: what the file lost must be covered by the mark, and the other way round. */
function damage(folder: string, random: Random, copy: string | undefined): void {
  const file = join(folder, 'outbox.sqlite');
  const mains = readdirSync(folder).filter((name) => /^outbox\.sqlite(\.\d+)?$/.test(name));
  const main = join(folder, mains.sort((a, b) => Number(a.slice(14) || 1) - Number(b.slice(14) || 1)).at(-1) ?? '');
  if (mains.length === 0 || highWaterMark(`${file}.mark`, numberBlock).read() === undefined) return;
  const flip = (name: string, bits: number): void => {
    if (!existsSync(name) || statSync(name).size === 0) return;
    const bytes = readFileSync(name);
    for (let i = 0; i < bits; i++) {
      const at = random.integer(0, bytes.length - 1);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.integer(0, 7)), at);
    }
    writeFileSync(name, bytes);
  };
  const cutOff = (name: string): void => {
    if (!existsSync(name)) return;
    const bytes = readFileSync(name);
    writeFileSync(name, bytes.subarray(0, random.integer(0, bytes.length)));
  };
  random.pick([
    () => flip(main, 1),
    () => flip(main, random.integer(2, 40)),
    () => flip(`${main}-wal`, 1),
    () => cutOff(main),
    () => rmSync(main),
    () => {
      const bytes = readFileSync(main);
      if (bytes.length < 8192) return;
      bytes.fill(0, Math.floor(random.next() * (bytes.length / 4096)) * 4096).subarray(0);
      writeFileSync(main, bytes);
    },
    () => {
      if (copy === undefined) return;
      for (const name of readdirSync(folder)) if (!name.endsWith('.mark')) rmSync(join(folder, name));
      for (const name of readdirSync(copy))
        if (!name.endsWith('.mark')) copyFileSync(join(copy, name), join(folder, name));
    },
  ])();
}

export function closeQuietly(outbox: SqliteOutbox): void {
  try {
    outbox.close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The disk is gone; nothing can be left in order.
  }
}

function hex(random: Random): string {
  return Array.from({ length: 16 }, () => random.integer(0, 15).toString(16)).join('');
}

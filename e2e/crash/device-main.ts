// Runs under fault-fs: a device as in the field, with the outbox in its thread. It appends, sends what it has to the hub,
// which is its parent, and ends when the power goes at some operation. Started by exits.ts.
import { createRandom, systemClock } from '@edge-blueprints/contracts';
import { openOutbox } from '../../libs/telemetry/src/lib/outbox/open-outbox.js';
import type { OutboxEntry } from '../../libs/telemetry/src/lib/outbox/outbox-port.js';
import { acknowledgementSchema } from '@edge-blueprints/contracts';

const [file = '', seed = '', firstToken = '', boot = '', newEpoch = '', drain = ''] = process.argv.slice(2);
const random = createRandom(Number(seed));
const outbox = openOutbox({
  file,
  maxBytes: 600_000,
  criticalBytes: 150_000,
  maxAgeMs: 3_600_000,
  groupMs: 5,
  groupEvents: 8,
  clock: systemClock,
  boot,
  newEpoch,
});
const say = (message: Readonly<Record<string, unknown>>): Promise<void> =>
  new Promise((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

process.on('message', (message) => {
  const { epoch, accepted } = acknowledgementSchema.parse(message);
  void outbox.acknowledge(epoch, accepted).catch(() => undefined);
});

const found = await outbox.contiguity();
const waiting = await outbox.next({ events: 1_000_000, bytes: 1e12, inFlight: [] });
await say({ verb: 'start', found: await outbox.contiguity(), waiting });

let token = Number(firstToken);
const append = async (): Promise<void> => {
  const name = `t${token++}`;
  const critical = random.next() < 0.3;
  const target = 'x'.repeat(random.next() < 0.2 ? random.integer(5_000, 20_000) : random.integer(0, 300));
  await say({ verb: 'try', token: name });
  const { sequence } = await outbox.append({
    type: 'edge-blueprints.audit.v1',
    deliveryClass: critical ? 'critical' : 'business',
    simulated: true,
    epochMs: systemClock.epochMs(),
    uptimeMs: systemClock.monotonicMs(),
    data: { who: name, action: 'a', target: target.slice(0, 256), reason: target.slice(256, 700) },
  });
  await say({ verb: 'stored', token: name, sequence, critical });
};
const send = async (events: number): Promise<readonly OutboxEntry[]> => {
  const entries = await outbox.next({ events, bytes: 200_000, inFlight: [] });
  if (entries.length > 0) await say({ verb: 'batch', epoch: found.epoch, entries });
  return entries;
};

if (drain === 'drain') {
  while ((await send(500)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await say({ verb: 'drained', found: await outbox.contiguity() });
  await outbox.close();
  process.disconnect?.();
} else {
  for (;;) {
    await Promise.allSettled(Array.from({ length: random.integer(1, 6) }, append));
    if (random.next() < 0.6) await send(random.integer(1, 40));
  }
}

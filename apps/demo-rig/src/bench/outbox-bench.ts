import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@edge-blueprints/contracts';
import { openOutbox, type OutboxInput } from '@edge-blueprints/telemetry';
import { inTurns, quantile, ratioOf, type Ratio } from './compare.js';

const groupOf = 50;

/**
 * Durable appends, business events of about 600 bytes: 50 that wait together and share a commit, over one after the other.
 * Time of one event; every one is on the disk when its promise resolves.
 */
export async function outboxCommits(rounds: number): Promise<readonly Ratio[]> {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-bench-'));
  const outbox = openOutbox({
    file: join(folder, 'outbox.sqlite'),
    maxBytes: 500_000_000,
    criticalBytes: 1_000_000,
    maxAgeMs: 86_400_000,
    groupMs: 1_000,
    groupEvents: 500,
    clock: systemClock,
    boot: '00000000000000b0',
    newEpoch: '00000000000000e0',
  });
  const event = (): OutboxInput<'edge-blueprints.audit.v1'> => ({
    type: 'edge-blueprints.audit.v1',
    deliveryClass: 'business',
    simulated: true,
    epochMs: systemClock.epochMs(),
    uptimeMs: systemClock.monotonicMs(),
    data: { who: 'bench', action: 'append', target: 'x'.repeat(200), reason: 'y'.repeat(300) },
  });
  try {
    const { a, b } = await inTurns(
      rounds,
      () => Promise.all(Array.from({ length: groupOf }, () => outbox.append(event()))),
      () => outbox.append(event()),
    );
    const grouped = a.map((ms) => ms / groupOf);
    const { missing, twice, highest } = await outbox.contiguity();
    const rate = (times: readonly number[]): string => Math.round(1_000 / quantile(times, 0.5)).toLocaleString('en');
    const ratio = ratioOf('outbox', `a durable event: ${groupOf} at once over one at a time`, grouped, b, null);
    return [
      {
        ...ratio,
        detail: `${rate(grouped)} against ${rate(b)} events/s at p50; ${highest} stored, ${missing + twice} missing or twice`,
      },
    ];
  } finally {
    await outbox.close();
    await rm(folder, { recursive: true });
  }
}

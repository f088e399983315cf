import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Outbox } from './outbox-port.js';
import { openSqliteOutbox } from './sqlite-outbox.js';
import { outboxContract, type OutboxUnderTest } from './testing/outbox-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let n = 0;

/** Without the thread and the groups: every append is its own commit. */
function direct({ clock, ...options }: OutboxUnderTest): Outbox {
  const file = join(folder, `${n++}.sqlite`);
  const outbox = openSqliteOutbox({
    ...options,
    file,
    checkpointPages: 40,
    numberBlock: 10,
    onRecovery: (reason) => expectNone(reason),
  });
  const now = () => ({ epochMs: clock.epochMs(), uptimeMs: clock.monotonicMs() });
  return {
    async append(event) {
      const [result] = outbox.append([event], now());
      if (result && 'failure' in result) throw result.failure;
      return { sequence: result?.sequence ?? null };
    },
    next: async (limit) => outbox.next(limit, now()),
    acknowledge: async (epoch, accepted) => outbox.acknowledge(epoch, accepted, now()),
    refuse: async (epoch, refused) => outbox.refuse(epoch, refused, now()),
    stats: async () => outbox.stats(now()),
    contiguity: async () => outbox.contiguity(now()),
    close: async () => outbox.close(),
  };
}

function expectNone(reason: string): never {
  throw new TypeError(`nothing was damaged, but: ${reason}`);
}

outboxContract('openSqliteOutbox', direct);

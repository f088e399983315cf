import { deliveryClasses, type DeliveryClass, type SequenceRange } from '@edge-blueprints/contracts';
import type Database from 'libsql';
import { z } from 'zod';
import type { OutboxState } from './outbox-state.js';
import type { OutboxRow } from './outbox-tables.js';
import { decodeRow } from './row-codec.js';
import { openSqlite, storageFault } from './sqlite-database.js';
import { sqliteTables } from './sqlite-tables.js';

/** What can still be read of a damaged outbox. */
export interface Salvage {
  readonly state: OutboxState | undefined;
  /** Ascending; every one has its right checksum. */
  readonly rows: readonly OutboxRow[];
  readonly delivered: readonly SequenceRange[];
  readonly declared: readonly SequenceRange[];
}

const nothing: Salvage = { state: undefined, rows: [], delivered: [], declared: [] };
const chunk = 64;
const numberOnly = z.object({ sequence: z.int().positive() });

/**
 * Reads around the damage. A disk that does not answer is not damage.
 *
 * @throws whatever the disk says, unless it is damage
 */
export function salvage(file: string): Salvage {
  const opened = unlessDamaged(() => openSqlite(file, 'wal', 0), undefined);
  if (opened === undefined) return nothing;
  const { db } = opened;
  try {
    const tables = sqliteTables(db);
    const bySequence = new Map<number, OutboxRow>();
    for (const name of deliveryClasses)
      for (const row of rowsOf(db, name)) if (!bySequence.has(row.sequence)) bySequence.set(row.sequence, row);
    return {
      state: unlessDamaged(() => tables.readState(), undefined),
      rows: [...bySequence.values()].sort((a, b) => a.sequence - b.sequence),
      delivered: unlessDamaged(() => tables.spans('delivered'), []),
      declared: unlessDamaged(() => tables.spans('declared'), []),
    };
  } finally {
    db.close();
  }
}

function unlessDamaged<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (error) {
    if (storageFault(error) === 'damaged') return otherwise;
    throw error;
  }
}

function rowsOf(db: Database.Database, name: DeliveryClass): readonly OutboxRow[] {
  const found: OutboxRow[] = [];
  const columns = 'sequence, size, life_ms, gap, crc, body';
  const read = (after: number, limit: number): readonly unknown[] | undefined =>
    unlessDamaged<readonly unknown[] | undefined>(
      () =>
        db
          .prepare(`SELECT ${columns} FROM ${name}_event WHERE sequence > ? ORDER BY sequence LIMIT ${limit}`)
          .all(after),
      undefined,
    );
  let after = 0;
  let limit = chunk;
  for (;;) {
    const rows = read(after, limit);
    if (rows === undefined) {
      if (limit > 1) limit = 1;
      else {
        const next = firstReadable(after, (from) => read(from, 1) !== undefined);
        if (next === undefined) return found;
        after = next;
      }
      continue;
    }
    if (rows.length === 0) return found;
    for (const stored of rows) {
      const row = decodeRow(name, stored);
      if (row) found.push(row);
      const number = numberOnly.safeParse(stored);
      // A key that does not grow would be read for ever.
      if (!number.success || number.data.sequence <= after) return found;
      after = number.data.sequence;
    }
    limit = chunk;
  }
}

/** The lowest number behind `after` from which rows can be read again, as far as doubling steps and halving find it. */
function firstReadable(after: number, readable: (from: number) => boolean): number | undefined {
  let step = 1;
  while (!readable(after + step)) {
    step *= 2;
    if (after + step > Number.MAX_SAFE_INTEGER) return undefined;
  }
  let [low, high] = [Math.floor(step / 2), step];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readable(after + middle)) high = middle;
    else low = middle;
  }
  return after + high;
}

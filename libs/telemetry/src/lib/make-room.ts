import type Database from 'libsql';
import { z } from 'zod';

export interface Room {
  readonly db: Database.Database;
  readonly count: (sql: string, ...values: readonly (string | number)[]) => number;
  readonly add: (name: string, n: number) => void;
  readonly maxBytes: number;
}

const delivered =
  "NOT EXISTS (SELECT 1 FROM outbox o JOIN record r ON r.key = o.key WHERE r.sequence = t.sequence AND o.state = 'pending')";
const victimSchema = z.array(z.object({ id: z.union([z.string(), z.number()]), size: z.number() }));

/** What goes first: [tally, table, key column, which rows], the oldest of each first. Undelivered records never go. */
const order = [
  ['evicted_blobs', 'blob', 'sha256', 't.low = 1'],
  ['evicted_blobs', 'blob', 'sha256', `t.low = 0 AND ${delivered}`],
  ['evicted_records', 'record', 'sequence', delivered],
] as const;

/** Frees bytes until `needed` more fit; counts every eviction. @returns false when only undelivered records are left */
export function makeRoom(room: Room, needed: number): boolean {
  const used = (): number => room.count("SELECT (SELECT value FROM tally WHERE name = 'bytes') AS n");
  if (needed > room.maxBytes) return false;
  for (const [tally, table, id, which] of order) {
    while (used() + needed > room.maxBytes) {
      const victims = victimSchema.parse(
        room.db
          .prepare(`SELECT t.${id} AS id, t.size AS size FROM ${table} t WHERE ${which} ORDER BY t.sequence LIMIT 16`)
          .all(),
      );
      if (victims.length === 0) break;
      for (const victim of victims) {
        if (used() + needed <= room.maxBytes) return true;
        room.db.prepare(`DELETE FROM ${table} WHERE ${id} = ?`).run(victim.id);
        room.add('bytes', -victim.size);
        room.add(tally, 1);
      }
    }
    if (used() + needed <= room.maxBytes) return true;
  }
  return false;
}

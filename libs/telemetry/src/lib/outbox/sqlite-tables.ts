import { crc32 } from 'node:zlib';
import { deliveryClasses, type DeliveryClass, type SequenceRange } from '@edge-blueprints/contracts';
import type Database from 'libsql';
import { z } from 'zod';
import { contiguityQuery } from './outbox-schema.js';
import { outboxStateSchema, type OutboxState } from './outbox-state.js';
import type { OutboxRow, OutboxTables, RowHead } from './outbox-tables.js';
import { decodeRow, encodeRow, storedBytes } from './row-codec.js';

const headSchema = z.object({ sequence: z.number(), size: z.number(), life_ms: z.number(), gap: z.number() });
const spanSchema = z.object({ first: z.number(), last: z.number() });
const contiguitySchema = z.object({
  pending: z.number(),
  delivered: z.number(),
  declared: z.number(),
  missing: z.number(),
  twice: z.number(),
});
const storedStateSchema = z.object({ body: storedBytes, crc: z.number() });
/** Damaged rows are kept for whoever wants to know; the oldest go. */
const mostQuarantined = 200;

export interface SqliteTables extends OutboxTables {
  readState(): OutboxState | undefined;
  writeState(state: OutboxState): void;
  /** Keeps the raw bytes of damaged rows. */
  quarantine(heads: readonly RowHead[], epochMs: number): void;
  /** Counted anew from the rows. */
  recount(): Pick<OutboxState, 'waiting' | 'bytes' | 'gapBytes'>;
}

/** The tables of an open database. Every call runs in the caller's transaction. */
export function sqliteTables(db: Database.Database): SqliteTables {
  const prepared = new Map<string, Database.Statement>();
  const sql = (text: string): Database.Statement => {
    const known = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, known);
    return known;
  };
  const put = (row: OutboxRow): void => {
    const { sequence, size, life_ms, gap, crc, body } = encodeRow(row);
    sql(
      `INSERT OR REPLACE INTO ${row.deliveryClass}_event (sequence, size, life_ms, gap, crc, body) VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(sequence, size, life_ms, gap, crc, body);
  };
  const raw = (deliveryClass: DeliveryClass, sequence: number): unknown =>
    sql(`SELECT sequence, size, life_ms, gap, crc, body FROM ${deliveryClass}_event WHERE sequence = ?`).get(sequence);

  return {
    insert: put,
    rewrite: put,
    remove(heads) {
      for (const { deliveryClass, sequence } of heads)
        sql(`DELETE FROM ${deliveryClass}_event WHERE sequence = ?`).run(sequence);
    },
    heads({ deliveryClass, range, newestFirst, limit }) {
      const order = newestFirst ? 'DESC' : 'ASC';
      const rows = sql(
        `SELECT sequence, size, life_ms, gap FROM ${deliveryClass}_event WHERE sequence BETWEEN ? AND ? ORDER BY sequence ${order} LIMIT ?`,
      ).all(range[0], range[1], limit);
      return z
        .array(headSchema)
        .parse(rows)
        .map(({ sequence, size, life_ms: lifeMs, gap }) => ({ sequence, deliveryClass, gap: gap === 1, size, lifeMs }));
    },
    waits: ([from, to]) =>
      from <= to &&
      deliveryClasses.some(
        (name) =>
          sql(`SELECT sequence FROM ${name}_event WHERE sequence BETWEEN ? AND ? LIMIT 1`).get(from, to) !== undefined,
      ),
    read(heads) {
      const rows: OutboxRow[] = [];
      const damaged: RowHead[] = [];
      for (const head of heads) {
        const row = decodeRow(head.deliveryClass, raw(head.deliveryClass, head.sequence));
        if (row) rows.push(row);
        else damaged.push(head);
      }
      return { rows, damaged };
    },
    mark(kind, [from, to]) {
      const touching = z.array(spanSchema).parse(
        sql(
          `SELECT first, last FROM span WHERE kind = ?1 AND first <= ?3 + 1 AND first >=
               COALESCE((SELECT MAX(first) FROM span WHERE kind = ?1 AND first < ?2), 0) AND last >= ?2 - 1`,
        ).all(kind, from, to),
      );
      for (const { first } of touching) sql('DELETE FROM span WHERE kind = ? AND first = ?').run(kind, first);
      const first = Math.min(from, ...touching.map((span) => span.first));
      const last = Math.max(to, ...touching.map((span) => span.last));
      sql('INSERT INTO span (kind, first, last) VALUES (?, ?, ?)').run(kind, first, last);
    },
    contiguity: (epoch, highest) => ({
      epoch,
      highest,
      ...contiguitySchema.parse(sql(contiguityQuery).get(highest)),
    }),
    readState() {
      const stored = storedStateSchema.safeParse(sql('SELECT body, crc FROM state WHERE id = 1').get());
      if (!stored.success || crc32(stored.data.body) !== stored.data.crc) return undefined;
      const state = outboxStateSchema.safeParse(JSON.parse(stored.data.body.toString('utf8')));
      return state.success ? state.data : undefined;
    },
    writeState(state) {
      const body = Buffer.from(JSON.stringify(state));
      sql('INSERT OR REPLACE INTO state (id, body, crc) VALUES (1, ?, ?)').run(body, crc32(body));
    },
    quarantine(heads, epochMs) {
      for (const { deliveryClass, sequence } of heads) {
        sql(
          `INSERT INTO quarantine (at_ms, sequence, body) SELECT ?, sequence, body FROM ${deliveryClass}_event WHERE sequence = ?`,
        ).run(Math.round(epochMs), sequence);
      }
      sql(`DELETE FROM quarantine WHERE id <= (SELECT MAX(id) FROM quarantine) - ${mostQuarantined}`).run();
    },
    spans: (kind) =>
      z
        .array(spanSchema)
        .parse(sql('SELECT first, last FROM span WHERE kind = ? ORDER BY first').all(kind))
        .map(({ first, last }): SequenceRange => [first, last]),
    recount() {
      const of = (name: DeliveryClass, what: string): number =>
        z.object({ n: z.number() }).parse(sql(`SELECT ${what} AS n FROM ${name}_event`).get()).n;
      const each = (what: string) => ({
        critical: of('critical', what),
        business: of('business', what),
        metric: of('metric', what),
      });
      return {
        waiting: each('COUNT(*)'),
        bytes: each('COALESCE(SUM(size), 0)'),
        gapBytes: of('critical', 'COALESCE(SUM(CASE gap WHEN 1 THEN size ELSE 0 END), 0)'),
      };
    },
  };
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import type Database from 'libsql';
import { z } from 'zod';
import { checkStructure, openSqlite } from '../outbox/sqlite-database.js';
import {
  type DeliveryEntry,
  type DeliveryInput,
  type DeliveryLimits,
  deliveryRanks,
  type DeliveryStats,
  type Settlement,
} from './delivery-queue-port.js';

export interface SqliteDeliveryQueueOptions extends DeliveryLimits {
  readonly file: string;
}

const schemaVersion = 1;
const schema = `
  CREATE TABLE waiting (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, rank INTEGER NOT NULL, at_ms INTEGER NOT NULL, size INTEGER NOT NULL,
    body TEXT NOT NULL);
  CREATE INDEX waiting_rank ON waiting (rank, sequence);
  CREATE TABLE aside (
    sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, size INTEGER NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL);
  CREATE TABLE tally (name TEXT PRIMARY KEY, value INTEGER NOT NULL);`;

const entrySchema = z.object({ sequence: z.number(), rank: z.number(), atMs: z.number(), body: z.string() });
const asideSchema = entrySchema.omit({ rank: true }).extend({ reason: z.string() });
const sizedSchema = z.object({ sequence: z.number(), atMs: z.number(), size: z.number() });
const sumSchema = z.object({ entries: z.number(), bytes: z.number() });
const envelopeBytes = 64;
/** Ranks that may give way, first the one that goes first. */
const yielding = [deliveryRanks.indexOf('summary'), deliveryRanks.indexOf('record')] as const;

type Tally = 'delivered' | 'droppedForAge' | 'droppedForRoom' | 'refused' | 'asideDropped';

/** The queue itself: synchronous, so that each call is one transaction. `openDeliveryQueue` runs it off the event loop. */
export function openSqliteDeliveryQueue(options: SqliteDeliveryQueueOptions) {
  const { db, close } = open(options.file);
  const sum = (table: 'waiting' | 'aside') =>
    sumSchema.parse(db.prepare(`SELECT COUNT(*) AS entries, COALESCE(SUM(size), 0) AS bytes FROM ${table}`).get());
  let held = sum('waiting');
  let aside = sum('aside');
  /** Entries up to here are in somebody's hands. */
  let lentUpTo = 0;

  const insert = db.prepare('INSERT INTO waiting (rank, at_ms, size, body) VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM waiting WHERE sequence = ?');
  const sized = db.prepare('SELECT sequence, at_ms AS atMs, size FROM waiting WHERE sequence = ?');
  const eldest = db.prepare(
    'SELECT sequence, at_ms AS atMs, size FROM waiting WHERE rank = ? AND sequence > ? ORDER BY sequence LIMIT 1',
  );
  const count = db.prepare(
    'INSERT INTO tally (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
  );
  const add = (name: Tally, by = 1): void => void count.run(name, by);
  const tally = (name: Tally): number =>
    z
      .object({ value: z.number() })
      .parse(db.prepare('SELECT (SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = ?) AS value').get(name)).value;

  const take = (row: z.infer<typeof sizedSchema>): void => {
    remove.run(row.sequence);
    held = { entries: held.entries - 1, bytes: held.bytes - row.size };
  };
  const oldestOf = (rank: number) => {
    const row: unknown = eldest.get(rank, lentUpTo);
    return row === undefined ? undefined : sizedSchema.parse(row);
  };
  const dropAged = (nowMs: number): void => {
    for (const rank of yielding)
      for (let row = oldestOf(rank); row !== undefined && row.atMs < nowMs - options.maxAgeMs; row = oldestOf(rank)) {
        take(row);
        add('droppedForAge');
      }
  };
  const makeRoom = (size: number, rank: number): boolean => {
    for (const yields of yielding) {
      // A summary never drives a record out.
      if (yields < rank) break;
      while (held.bytes + size > options.maxBytes) {
        const row = oldestOf(yields);
        if (row === undefined) break;
        take(row);
        add('droppedForRoom');
      }
    }
    return held.bytes + size <= options.maxBytes;
  };
  const append = (entries: readonly DeliveryInput[]): number => {
    let taken = 0;
    dropAged(Math.max(...entries.map(({ atMs }) => atMs)));
    for (const { rank, atMs, body } of entries) {
      const size = Buffer.byteLength(body) + envelopeBytes;
      const at = deliveryRanks.indexOf(rank);
      if (size > options.maxBytes || !makeRoom(size, at)) {
        add('refused');
        continue;
      }
      insert.run(at, Math.floor(atMs), size, body);
      held = { entries: held.entries + 1, bytes: held.bytes + size };
      taken += 1;
    }
    return taken;
  };
  const setAside = (sequence: number, reason: string): void => {
    const row: unknown = sized.get(sequence);
    if (row === undefined) return;
    const found = sizedSchema.parse(row);
    db.prepare(
      'INSERT INTO aside (sequence, at_ms, size, body, reason) SELECT sequence, at_ms, size, body, ? FROM waiting WHERE sequence = ?',
    ).run(reason, sequence);
    take(found);
    aside = { entries: aside.entries + 1, bytes: aside.bytes + found.size };
    while (aside.bytes > options.maxAsideBytes && aside.entries > 1) {
      const first = sizedSchema.parse(
        db.prepare('SELECT sequence, at_ms AS atMs, size FROM aside ORDER BY sequence LIMIT 1').get(),
      );
      db.prepare('DELETE FROM aside WHERE sequence = ?').run(first.sequence);
      aside = { entries: aside.entries - 1, bytes: aside.bytes - first.size };
      add('asideDropped');
    }
  };
  const transaction = <T>(work: () => T): T => {
    try {
      db.exec('BEGIN IMMEDIATE');
      const value = work();
      db.exec('COMMIT');
      return value;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      held = sum('waiting');
      aside = sum('aside');
      throw new DeviceError(
        'store.disk',
        `The queue ${options.file} could not write: ${errorMessage(error)}. Check the disk.`,
        { retry: 'safe', cause: error },
      );
    }
  };

  return {
    append: (entries: readonly DeliveryInput[]): number =>
      entries.length === 0 ? 0 : transaction(() => append(entries)),
    oldest(limit: number): readonly DeliveryEntry[] {
      const rows: unknown = db
        .prepare('SELECT sequence, rank, at_ms AS atMs, body FROM waiting ORDER BY sequence LIMIT ?')
        .all(limit);
      const found = z
        .array(entrySchema)
        .parse(rows)
        .map((row): DeliveryEntry => ({ ...row, rank: deliveryRanks[row.rank] ?? 'record' }));
      lentUpTo = found.at(-1)?.sequence ?? 0;
      return found;
    },
    settle: (settlement: Settlement): void =>
      transaction(() => {
        for (const sequence of settlement.delivered) {
          const row: unknown = sized.get(sequence);
          if (row === undefined) continue;
          take(sizedSchema.parse(row));
          add('delivered');
        }
        if (settlement.aside !== undefined) setAside(settlement.aside.sequence, settlement.aside.reason);
        if (settlement.append !== undefined && settlement.append.length > 0) append(settlement.append);
      }),
    aside(limit: number) {
      const rows: unknown = db
        .prepare('SELECT sequence, at_ms AS atMs, body, reason FROM aside ORDER BY sequence LIMIT ?')
        .all(limit);
      return z.array(asideSchema).parse(rows);
    },
    stats: (): DeliveryStats => ({
      waiting: held.entries,
      bytes: held.bytes,
      maxBytes: options.maxBytes,
      aside: aside.entries,
      delivered: tally('delivered'),
      droppedForAge: tally('droppedForAge'),
      droppedForRoom: tally('droppedForRoom'),
      refused: tally('refused'),
      asideDropped: tally('asideDropped'),
    }),
    depth: () => held.entries,
    close,
  };
}

function open(file: string): { readonly db: Database.Database; close(): void } {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const opened = openSqlite(file, 'wal', 1_000);
    const { db } = opened;
    checkStructure(db);
    const version = z.object({ user_version: z.number() }).parse(db.prepare('PRAGMA user_version').get()).user_version;
    if (version > schemaVersion)
      throw new DeviceError(
        'store.version',
        `The queue ${file} was written by a newer program (version ${version}); update this one or choose another folder.`,
      );
    if (version === 0) db.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
    return opened;
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'store.version') throw error;
    throw new DeviceError(
      'store.corrupt',
      `The queue ${file} cannot be opened: ${errorMessage(error)}. Move it aside to keep it, then start again.`,
      { cause: error },
    );
  }
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import Database from 'libsql';
import { z } from 'zod';
import type {
  OutboxMessage,
  PutOutcome,
  RecordInput,
  RecordStoreStats,
  StoredRecord,
  UndeliveredMessage,
} from './record-store-port.js';
import { migrations } from './schema.js';
import { makeRoom } from './make-room.js';

const rowSchema = z.object({ sequence: z.number(), key: z.string(), tag: z.string(), body: z.string() });
const messageSchema = z.object({ id: z.number(), key: z.string(), message: z.string(), attempts: z.number() });
const undeliveredSchema = z.object({
  state: z.enum(['pending', 'refused']),
  attempts: z.number(),
  reason: z.string().nullable(),
});
const numberSchema = z.object({ n: z.number().nullable() });

export interface SqliteRecordStoreOptions {
  readonly file: string;
  readonly maxBytes: number;
}

/** The store itself: synchronous, so that each call is one transaction. `openRecordStore` runs it off the event loop. */
export function openSqliteRecordStore(options: SqliteRecordStoreOptions) {
  mkdirSync(dirname(options.file), { recursive: true });
  const db = open(options.file);
  const count = (sql: string, ...values: readonly (string | number)[]): number =>
    numberSchema.parse(db.prepare(sql).get(...values)).n ?? 0;
  const tally = (name: string): number => count('SELECT (SELECT value FROM tally WHERE name = ?) AS n', name);
  const add = (name: string, n: number): void => {
    db.prepare(
      'INSERT INTO tally (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
    ).run(name, n);
  };
  const room = { db, count, add, maxBytes: options.maxBytes };

  const full = (key: string, needed: number): DeviceError =>
    new DeviceError(
      'store.full',
      `The store ${options.file} holds its ${options.maxBytes} bytes of undelivered records; deliver them or give it more room (record.maxBytes).`,
      { retry: 'safe', context: { key, needed } },
    );
  const addMessage = (key: string, message: string): void => {
    db.prepare("INSERT INTO outbox (key, message, state, size) VALUES (?, ?, 'pending', ?)").run(
      key,
      message,
      message.length,
    );
  };

  const put = (record: RecordInput): PutOutcome => {
    if (count('SELECT COUNT(*) AS n FROM record WHERE key = ?', record.key) > 0) return { kind: 'duplicate' };
    // Two pictures of one part may be the same bytes.
    const distinct = [...new Map(record.blobs.map((blob) => [blob.sha256, blob])).values()];
    const fresh = distinct.filter((b) => count('SELECT COUNT(*) AS n FROM blob WHERE sha256 = ?', b.sha256) === 0);
    const size = record.body.length + (record.message?.length ?? 0);
    const needed = size + fresh.reduce((sum, b) => sum + b.bytes.byteLength, 0);
    if (!makeRoom(room, needed)) {
      add('rejected_full', 1);
      throw full(record.key, needed);
    }
    const { lastInsertRowid } = db
      .prepare('INSERT INTO record (key, at_ms, tag, body, size) VALUES (?, ?, ?, ?, ?)')
      .run(record.key, Math.round(record.atEpochMs), record.tag, record.body, record.body.length);
    for (const b of fresh) {
      db.prepare('INSERT INTO blob (sha256, sequence, low, mime, bytes, size) VALUES (?, ?, ?, ?, ?, ?)').run(
        b.sha256,
        Number(lastInsertRowid),
        b.priority === 'low' ? 1 : 0,
        b.mime,
        Buffer.from(b.bytes),
        b.bytes.byteLength,
      );
    }
    if (record.message !== null) addMessage(record.key, record.message);
    add('bytes', needed);
    return { kind: 'stored' };
  };

  return {
    put: (record: RecordInput): PutOutcome => transaction(db, () => put(record)),
    get(key: string): StoredRecord | undefined {
      const row = db.prepare('SELECT sequence, key, tag, body FROM record WHERE key = ?').get(key);
      return row === undefined ? undefined : rowSchema.parse(row);
    },
    list(query: { readonly limit: number; readonly before?: number; readonly tag?: string }): readonly StoredRecord[] {
      const before = query.before ?? Number.MAX_SAFE_INTEGER;
      const rows =
        query.tag === undefined
          ? db
              .prepare('SELECT sequence, key, tag, body FROM record WHERE sequence < ? ORDER BY sequence DESC LIMIT ?')
              .all(before, query.limit)
          : db
              .prepare(
                'SELECT sequence, key, tag, body FROM record WHERE tag = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
              )
              .all(query.tag, before, query.limit);
      return z.array(rowSchema).parse(rows);
    },
    amend: (key: string, body: string, message: string | null): boolean =>
      transaction(db, () => {
        const size = 'SELECT (SELECT size FROM record WHERE key = ?) AS n';
        const grown = body.length - count(size, key) + (message?.length ?? 0);
        if (message !== null && !makeRoom(room, Math.max(grown, 0))) throw full(key, grown);
        // Asked again, because the room may have been made by letting this very record go.
        const { changes } = db
          .prepare('UPDATE record SET body = ?, size = ? WHERE key = ?')
          .run(body, body.length, key);
        if (changes === 0) return false;
        if (message !== null) addMessage(key, message);
        add('bytes', grown);
        return true;
      }),
    undelivered(key: string): readonly UndeliveredMessage[] {
      const rows = db.prepare('SELECT state, attempts, reason FROM outbox WHERE key = ? ORDER BY id').all(key);
      return z.array(undeliveredSchema).parse(rows);
    },
    blob(sha256: string): { mime: string; bytes: Uint8Array } | undefined {
      const row = db.prepare('SELECT mime, bytes FROM blob WHERE sha256 = ?').get(sha256);
      if (row === undefined) return undefined;
      const { mime, bytes } = z.object({ mime: z.string(), bytes: z.instanceof(Uint8Array) }).parse(row);
      return { mime, bytes: new Uint8Array(bytes) };
    },
    pending(limit: number): readonly OutboxMessage[] {
      const rows = db
        .prepare("SELECT id, key, message, attempts FROM outbox WHERE state = 'pending' ORDER BY id LIMIT ?")
        .all(limit);
      return z.array(messageSchema).parse(rows);
    },
    acknowledge: (id: number): void =>
      transaction(db, () => {
        const { changes } = db
          .prepare(
            "UPDATE outbox SET state = 'delivered', message = '', reason = NULL WHERE id = ? AND state = 'pending'",
          )
          .run(id);
        if (changes === 0) return;
        add('delivered', 1);
        add('bytes', -count('SELECT size AS n FROM outbox WHERE id = ?', id));
        db.prepare('DELETE FROM outbox WHERE id = ?').run(id);
      }),
    fail: (id: number, reason: string, final: boolean): void =>
      transaction(db, () => {
        db.prepare(
          "UPDATE outbox SET attempts = attempts + 1, reason = ?, state = ? WHERE id = ? AND state = 'pending'",
        ).run(reason, final ? 'refused' : 'pending', id);
      }),
    readValue(name: string): string | undefined {
      const row = db.prepare('SELECT value FROM setting WHERE name = ?').get(name);
      return row === undefined ? undefined : z.object({ value: z.string() }).parse(row).value;
    },
    writeValue(name: string, value: string): void {
      db.prepare(
        'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      ).run(name, value);
    },
    stats(): RecordStoreStats {
      const bytes = tally('bytes');
      const pending = count("SELECT COUNT(*) AS n FROM outbox WHERE state = 'pending'");
      return {
        records: count('SELECT COUNT(*) AS n FROM record'),
        bytes,
        maxBytes: options.maxBytes,
        pending,
        delivered: tally('delivered'),
        refused: count("SELECT COUNT(*) AS n FROM outbox WHERE state = 'refused'"),
        evictedBlobs: tally('evicted_blobs'),
        evictedRecords: tally('evicted_records'),
        rejectedFull: tally('rejected_full'),
        full: bytes > options.maxBytes * 0.98 && pending > 0,
      };
    },
    close: (): void => void db.close(),
  };
}

export type SqliteRecordStore = ReturnType<typeof openSqliteRecordStore>;

function open(file: string): Database.Database {
  try {
    const db = new Database(file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;');
    const integrity = JSON.stringify(db.prepare('PRAGMA quick_check(1)').get() ?? {});
    if (!integrity.includes('ok')) throw new DeviceError('store.corrupt', `quick_check says ${integrity}`);
    const version = z.object({ user_version: z.number() }).parse(db.prepare('PRAGMA user_version').get()).user_version;
    if (version > migrations.length) {
      throw new DeviceError(
        'store.version',
        `The store ${file} was written by a newer version (${version}); update this program or choose another folder.`,
      );
    }
    migrations.slice(version).forEach((step, i) => {
      db.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${version + i + 1}; COMMIT;`);
    });
    return db;
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'store.version') throw error;
    throw new DeviceError(
      'store.corrupt',
      `The store ${file} cannot be opened: ${errorMessage(error)}. Move it aside to keep it, then start again.`,
      { cause: error },
    );
  }
}

function transaction<T>(db: Database.Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    if (db.inTransaction) db.exec(error instanceof DeviceError ? 'COMMIT' : 'ROLLBACK');
    if (error instanceof DeviceError) throw error;
    throw new DeviceError('store.disk', `The store could not write: ${errorMessage(error)}. Check the disk.`, {
      retry: 'safe',
      cause: error,
    });
  }
}

import { existsSync, rmSync } from 'node:fs';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import Database from 'libsql';
import { z } from 'zod';

/** The file does not hold what was written: it is mended, not trusted. */
export class DamagedFile extends DeviceError {
  constructor(reason: string, cause?: unknown) {
    super('outbox.damaged', reason, { cause });
  }
}

/** `damaged`: bytes are wrong. `full`: no room, the connection is fine. `disk`: anything else, the connection is not trusted. */
export type StorageFault = 'damaged' | 'full' | 'disk' | 'in-use';

/** What a failure of SQLite, of a file call or of reading a row means for the outbox. */
export function storageFault(error: unknown): StorageFault {
  if (error instanceof DamagedFile || error instanceof z.ZodError || error instanceof SyntaxError) return 'damaged';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // A file that ends before its last page.
  if (code === 'SQLITE_IOERR_SHORT_READ') return 'damaged';
  // Our statements are fixed: an error in one of them, or a key that is there twice, is a fault of the file.
  if (/^SQLITE_(CORRUPT|NOTADB|ERROR|CONSTRAINT|MISMATCH|FORMAT|RANGE)/.test(code)) return 'damaged';
  if (/^SQLITE_FULL|^ENOSPC|^EDQUOT/.test(code)) return 'full';
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'in-use';
  // libsql reports a failed open without a code, but with SQLite's number at the end.
  const number = /: (\d+)"?\)?$/.exec(errorMessage(error))?.[1];
  return number === '11' || number === '26' ? 'damaged' : 'disk';
}

export interface SqliteDatabase {
  readonly db: Database.Database;
  /** Nothing of it is used afterwards; the journal is merged into the file where the disk still answers. */
  close(): void;
}

/**
 * A connection whose every commit is on the disk when it returns.
 *
 * @param journal `wal` for work, `delete` for a file that is written once and then renamed
 */
export function openSqlite(file: string, journal: 'wal' | 'delete', checkpointPages: number): SqliteDatabase {
  const db = new Database(file);
  db.exec(
    `PRAGMA busy_timeout = 2000; PRAGMA journal_mode = ${journal}; PRAGMA synchronous = FULL;
     PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA journal_size_limit = 8388608;`,
  );
  return {
    db,
    close() {
      try {
        if (journal === 'wal' && !db.inTransaction) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        db.close();
      }
    },
  };
}

/** @throws DamagedFile with what SQLite says about the file's structure */
export function checkStructure(db: Database.Database): void {
  const said = z.object({ quick_check: z.string() }).parse(db.prepare('PRAGMA quick_check(1)').get()).quick_check;
  if (said !== 'ok') throw new DamagedFile(`its structure is damaged: ${said}`);
}

/**
 * One process at a time: two of them would give the same numbers twice. The lock goes with the process, however it ends.
 *
 * @throws DeviceError `outbox.in-use`
 */
export function lockOutbox(file: string): () => void {
  const lock = `${file}.lock`;
  const take = (): Database.Database => {
    const db = new Database(lock);
    db.exec('PRAGMA busy_timeout = 2000; BEGIN EXCLUSIVE;');
    return db;
  };
  let db: Database.Database;
  try {
    db = take();
  } catch (error) {
    const fault = storageFault(error);
    if (fault === 'in-use')
      throw new DeviceError(
        'outbox.in-use',
        `The outbox ${file} is open in another process; stop that one, or give this one a file of its own.`,
        { retry: 'safe', cause: error },
      );
    if (fault !== 'damaged' || !existsSync(lock)) throw error;
    rmSync(lock);
    db = take();
  }
  return () => {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.close();
  };
}

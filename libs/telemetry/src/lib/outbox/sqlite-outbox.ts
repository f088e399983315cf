import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { EdgeError, errorMessage, type SequenceRange } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { highWaterMark, olderThanMark } from './high-water-mark.js';
import type { NextLimit } from './next-events.js';
import { outboxGenerations } from './outbox-generations.js';
import { createOutboxLedger, type AppendResult, type Instant } from './outbox-ledger.js';
import type { Contiguity, OutboxEntry, OutboxInput, OutboxLimits, OutboxStats } from './outbox-port.js';
import { rebuildOutbox } from './outbox-rebuild.js';
import { salvage } from './outbox-salvage.js';
import { outboxMigrations } from './outbox-schema.js';
import { freshState, noneOfEach, type OutboxState } from './outbox-state.js';
import {
  checkStructure,
  DamagedFile,
  lockOutbox,
  openSqlite,
  storageFault,
  type SqliteDatabase,
} from './sqlite-database.js';
import { outboxTransaction, type Session } from './outbox-transaction.js';
import type { RowHead } from './outbox-tables.js';
import { sqliteTables, type SqliteTables } from './sqlite-tables.js';
import { diskError, newerFile } from './storage-errors.js';
import { walHidesCommits } from './wal-inspection.js';

export interface SqliteOutboxOptions extends OutboxLimits {
  readonly file: string;
  /** Pages of the journal after which they are merged into the file. */
  readonly checkpointPages: number;
  /** Numbers that are reserved at a time in the mark beside the file. */
  readonly numberBlock: number;
  readonly boot: string;
  readonly newEpoch: string;
  readonly onRecovery: (reason: string) => void;
}

/** Numbers that may have been given by a file whose mark is lost too. */
const blindJump = 100_000;

/**
 * The outbox itself: synchronous, one transaction a call, durable when it returns. `openOutbox` runs it off the event loop.
 * A damaged file is mended by whatever call notices it. A disk that fails makes the writing call fail and nothing else: what
 * is stored can be read, and sent, while it takes no writes.
 */
export function openSqliteOutbox(options: SqliteOutboxOptions) {
  const { file, boot, newEpoch, onRecovery } = options;
  const limits: OutboxLimits = options;
  const generations = outboxGenerations(file);
  const mark = highWaterMark(`${file}.mark`, options.numberBlock);
  let unlock: (() => void) | undefined;
  let session: Session | undefined;
  /** Where a write failed: not trusted with another one, but it reads what was committed, and needs no room for that. */
  let reading: Session | undefined;
  let dropped = 0;

  const connect = (name: string, now: Instant, fresh: boolean): Session => {
    const hidden = walHidesCommits(`${name}-wal`);
    const database = openSqlite(name, 'wal', options.checkpointPages);
    try {
      const { db } = database;
      checkStructure(db);
      const tables = sqliteTables(db);
      const version = z
        .object({ user_version: z.number() })
        .parse(db.prepare('PRAGMA user_version').get()).user_version;
      if (version === 0 && fresh) create(database, tables, newEpoch);
      const stored = tables.readState();
      if (stored === undefined) {
        if (version > outboxMigrations.length) throw newerFile(name, version);
        throw new DamagedFile('its state is damaged');
      }
      const reserved = mark.read();
      const own = reserved?.epoch === stored.epoch ? reserved : undefined;
      const older = olderThanMark(stored, own);
      if (older !== undefined) throw new DamagedFile(older);
      const state: OutboxState = { ...stored, ...tables.recount() };
      const { missing, twice } = tables.contiguity(state.epoch, state.highest);
      if (missing + twice > 0) throw new DamagedFile(`${missing} numbers are missing and ${twice} are there twice`);
      const ledger = createOutboxLedger(tables, state, { limits, boot });
      const opened: Session = { ...database, tables, ledger };
      const last = own?.to ?? state.highest + blindJump;
      transaction(opened, () => {
        ledger.countStart(Math.max(state.starts, own?.starts ?? 0) + 1);
        // Before the first start was noted, no number can have been given.
        if (!hidden || last <= state.highest || (own === undefined && state.starts === 0)) return;
        ledger.declareLost('corrupt', [[state.highest + 1, last]], noneOfEach(), 0, now);
        onRecovery(`its journal ends in a damaged commit; numbers up to ${last} are not given again`);
      });
      const { epoch, starts, highest } = ledger.state();
      mark.note({ epoch, starts, from: highest });
      // Nothing of an interrupted commit stays behind that a later start could stumble over.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return opened;
    } catch (error) {
      database.db.close();
      throw error;
    }
  };
  const endReading = (): void => {
    const was = reading;
    reading = undefined;
    was?.db.close();
  };
  const mend = (reason: string, now: Instant): Session => {
    endReading();
    const damaged = generations.current(now.epochMs);
    const hidden = walHidesCommits(`${damaged}-wal`);
    const rebuilt = rebuildOutbox(generations, {
      salvage: salvage(damaged),
      hidden,
      mark: mark.read(),
      reason,
      limits,
      boot,
      newEpoch,
      now,
    });
    onRecovery(rebuilt.said);
    return connect(rebuilt.file, now, false);
  };
  const open = (now: Instant): Session => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      unlock ??= lockOutbox(file);
      const name = generations.current(now.epochMs);
      try {
        if (!existsSync(name) && mark.read()) throw new DamagedFile('the file is gone');
        const opened = connect(name, now, mark.read() === undefined);
        endReading();
        return opened;
      } catch (error) {
        if (storageFault(error) !== 'damaged') throw error;
        return mend(errorMessage(error), now);
      }
    } catch (error) {
      throw error instanceof EdgeError && !(error instanceof DamagedFile) ? error : diskError(file, error);
    }
  };
  const drop = (): void => {
    const was = session;
    session = undefined;
    was?.db.close();
  };
  const onlyRead = (): void => {
    reading = session;
    session = undefined;
  };

  const transaction = <T>(s: Session, work: () => T, onCommit?: (value: T, state: OutboxState) => void): T =>
    outboxTransaction(s, mark, work, onCommit);
  /** Runs `work`; mends the file and runs it once more when it is damaged; writes no more where the disk failed. */
  const guard = <T>(now: Instant, work: (s: Session) => T): T => {
    session ??= open(now);
    try {
      return work(session);
    } catch (error) {
      const fault = storageFault(error);
      if (error instanceof EdgeError && !(error instanceof DamagedFile)) throw error;
      if (fault === 'full' && session.db.inTransaction === false) throw diskError(file, error);
      if (fault === 'disk' && !session.db.inTransaction) onlyRead();
      else drop();
      if (fault !== 'damaged') throw diskError(file, error);
      try {
        session = mend(errorMessage(error), now);
        return work(session);
      } catch (again) {
        drop();
        throw again instanceof EdgeError && !(again instanceof DamagedFile) ? again : diskError(file, again);
      }
    }
  };
  const read = <T>(now: Instant, work: (s: Session) => T): T => {
    if (session === undefined && reading !== undefined) {
      try {
        return work(reading);
      } catch {
        endReading();
      }
    }
    return guard(now, work);
  };
  /** What is due to be written before a read. It waits when the disk does not take it, and something can still be read. */
  const tidy = (now: Instant): void => {
    if (session === undefined && reading !== undefined) return;
    try {
      guard(now, (s) => s.ledger.hasAged(now) && transaction(s, () => s.ledger.ageOut(now)));
    } catch (error) {
      if (session === undefined && reading === undefined) throw error;
    }
  };
  const setAside = (s: Session, damaged: readonly RowHead[], now: Instant): boolean => {
    try {
      transaction(s, () => {
        s.tables.quarantine(damaged, now.epochMs);
        s.ledger.giveUpDamaged(damaged, now);
      });
    } catch (error) {
      const fault = storageFault(error);
      if (fault !== 'full' && fault !== 'disk') throw error;
      return false;
    }
    onRecovery(`${damaged.length} damaged rows were set aside`);
    return true;
  };
  const write = <T>(now: Instant, work: (s: Session) => T): T => {
    let committing: { readonly value: T; readonly state: OutboxState } | undefined;
    try {
      return guard(now, (s) =>
        transaction(
          s,
          () => work(s),
          (value, state) => (committing = { value, state }),
        ),
      );
    } catch (error) {
      const asked = committing;
      if (asked === undefined || session !== undefined) throw error;
      // The disk failed while it committed. Where it answers again, the file itself says whether the commit is there.
      const found = reopened(now)?.ledger.state();
      if (found?.epoch === asked.state.epoch && found.highest === asked.state.highest) return asked.value;
      throw error;
    }
  };
  const reopened = (now: Instant): Session | undefined => {
    try {
      return (session ??= open(now));
    } catch (error) {
      if (error instanceof EdgeError) return undefined;
      throw error;
    }
  };

  return {
    /** All of them in one commit. */
    append: (events: readonly OutboxInput[], now: Instant): readonly AppendResult[] =>
      write(now, ({ ledger }) => ledger.append(events, now)),
    next: (limit: NextLimit, now: Instant): readonly OutboxEntry[] => {
      tidy(now);
      return read(now, (s) => {
        for (;;) {
          const { entries, damaged } = s.ledger.next(limit);
          if (damaged.length === 0 || s === reading || !setAside(s, damaged, now)) return entries;
        }
      });
    },
    acknowledge: (epoch: string, accepted: readonly SequenceRange[], now: Instant): void =>
      write(now, ({ ledger }) => ledger.acknowledge(epoch, accepted)),
    refuse: (epoch: string, refused: readonly { readonly sequence: number }[], now: Instant): void =>
      write(now, ({ ledger }) => ledger.refuse(epoch, refused, now)),
    /** Metric events that found no place before the outbox. */
    countDropped: (n: number): void => void (dropped += n),
    stats: (now: Instant): OutboxStats =>
      read(now, ({ ledger, tables }) => {
        const head = ledger.oldestHead();
        const stats = ledger.stats((head && tables.read([head]).rows[0]?.epochMs) ?? null);
        return { ...stats, droppedBeforeStorage: stats.droppedBeforeStorage + dropped };
      }),
    contiguity: (now: Instant): Contiguity => read(now, ({ ledger }) => ledger.contiguity()),
    /** Looks at the whole file, and mends it where that finds damage. */
    check: (now: Instant): void => guard(now, ({ db }) => checkStructure(db)),
    close(): void {
      const was = session;
      session = undefined;
      try {
        endReading();
        was?.close();
        const end = was?.ledger.state();
        if (end) mark.note({ epoch: end.epoch, starts: end.starts, from: end.highest });
      } catch (error) {
        throw diskError(file, error);
      } finally {
        unlock?.();
        unlock = undefined;
      }
    },
  };
}

export type SqliteOutbox = ReturnType<typeof openSqliteOutbox>;

function create({ db }: SqliteDatabase, tables: SqliteTables, epoch: string): void {
  db.exec('BEGIN IMMEDIATE');
  db.exec(`${outboxMigrations.join('')} PRAGMA user_version = ${outboxMigrations.length};`);
  tables.writeState(freshState(epoch));
  db.exec('COMMIT');
}

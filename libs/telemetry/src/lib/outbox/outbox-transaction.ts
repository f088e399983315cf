import type { HighWaterMarkFile } from './high-water-mark.js';
import type { OutboxLedger } from './outbox-ledger.js';
import type { OutboxState } from './outbox-state.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SqliteTables } from './sqlite-tables.js';

/** An open outbox file with what is known of it. */
export interface Session extends SqliteDatabase {
  readonly tables: SqliteTables;
  readonly ledger: OutboxLedger;
}

/** The highest number is reserved before the commit that gives it, so that no lost file can make it be given again. */
export function outboxTransaction<T>(
  session: Session,
  mark: HighWaterMarkFile,
  work: () => T,
  onCommit?: (value: T, state: OutboxState) => void,
): T {
  const { db, ledger, tables } = session;
  const undo = ledger.snapshot();
  const before = ledger.state().highest;
  try {
    db.exec('BEGIN IMMEDIATE');
    const value = work();
    const after = ledger.state();
    if (after.highest > before) mark.reserve({ epoch: after.epoch, starts: after.starts, from: before }, after.highest);
    tables.writeState(after);
    if (after.highest > before) onCommit?.(value, after);
    db.exec('COMMIT');
    return value;
  } catch (error) {
    undo();
    rollBack(session);
    throw error;
  }
}

function rollBack({ db }: SqliteDatabase): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch {
    // The connection is let go of; the next one finds the last commit.
  }
}

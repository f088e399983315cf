import { renameSync } from 'node:fs';
import type { SequenceRange } from '@edge-blueprints/contracts';
import { olderThanMark, type HighWaterMark } from './high-water-mark.js';
import { countNumbers, mergeRanges, rangesOf, subtractRanges } from './number-ranges.js';
import type { OutboxGenerations } from './outbox-generations.js';
import { createOutboxLedger, type Instant } from './outbox-ledger.js';
import type { OutboxLimits } from './outbox-port.js';
import type { Salvage } from './outbox-salvage.js';
import { outboxMigrations } from './outbox-schema.js';
import { freshState, noneOfEach, type OutboxState } from './outbox-state.js';
import { openSqlite } from './sqlite-database.js';
import { sqliteTables } from './sqlite-tables.js';

export interface RebuildInput {
  readonly salvage: Salvage;
  readonly mark: HighWaterMark | undefined;
  /** Whether the file's journal may hide newer commits. */
  readonly hidden: boolean;
  readonly reason: string;
  readonly limits: OutboxLimits;
  readonly boot: string;
  readonly newEpoch: string;
  readonly now: Instant;
}

/**
 * Writes what was saved into a fresh file and puts it in place. Numbers that were given and are neither saved nor known to
 * be delivered or declared are declared as `corrupt`. The epoch stays where the file or the mark still tells it; without
 * both, the events get new numbers in a new epoch, and the hub may see some of them a second time.
 *
 * @returns the file that counts now, and one sentence about what happened
 */
export function rebuildOutbox(
  generations: OutboxGenerations,
  input: RebuildInput,
): { readonly file: string; readonly said: string } {
  const { salvage, mark, limits, boot, now } = input;
  const old = salvage.state;
  const epoch = old?.epoch ?? mark?.epoch;
  const ownMark = mark?.epoch === epoch ? mark : undefined;
  // Where the file itself tells its last number, none above was given; else the mark bounds them.
  const newest = old !== undefined && !input.hidden && olderThanMark(old, ownMark) === undefined;
  const bound = newest ? 0 : (ownMark?.to ?? 0);
  const highest = epoch === undefined ? salvage.rows.length : Math.max(old?.highest ?? 0, bound);
  const rows =
    epoch === undefined
      ? salvage.rows.map((row, i) => ({ ...row, sequence: i + 1 }))
      : salvage.rows.filter((row) => row.sequence <= highest);
  const waiting = rangesOf(rows.map((row) => row.sequence));
  const given: readonly SequenceRange[] = highest > 0 ? [[1, highest]] : [];
  const known = (spans: readonly SequenceRange[]): readonly SequenceRange[] =>
    epoch === undefined ? [] : subtractRanges(clip(spans, highest), waiting);
  const delivered = known(salvage.delivered);
  const declared = subtractRanges(known(salvage.declared), delivered);
  const lostRanges = subtractRanges(given, [...waiting, ...delivered, ...declared]);
  const lost = noneOfEach();
  for (const row of rows) lost[row.deliveryClass]++;
  for (const name of ['critical', 'business', 'metric'] as const)
    lost[name] = Math.max(0, (old?.waiting[name] ?? 0) - lost[name]);

  const said = `${input.reason}; ${rows.length} waiting events were saved${
    epoch === undefined
      ? ' under new numbers in a new epoch'
      : `, ${countNumbers(lostRanges)} numbers were declared as lost`
  }`;
  const base: OutboxState = old ?? freshState(epoch ?? input.newEpoch);
  const name = generations.rebuild();
  const { db, close } = openSqlite(name, 'delete', 0);
  const tables = sqliteTables(db);
  db.exec('BEGIN IMMEDIATE');
  db.exec(`${outboxMigrations.join('')} PRAGMA user_version = ${outboxMigrations.length};`);
  for (const row of rows) tables.insert(row);
  for (const range of mergeRanges(delivered)) tables.mark('delivered', range);
  for (const range of mergeRanges(declared)) tables.mark('declared', range);
  const state: OutboxState = {
    ...base,
    ...tables.recount(),
    starts: Math.max(base.starts, ownMark?.starts ?? 0),
    highest,
    recoveries: base.recoveries + 1,
    lastRecovery: said.slice(0, 500),
  };
  const ledger = createOutboxLedger(tables, state, { limits, boot });
  const events = old ? lost.critical + lost.business + lost.metric : countNumbers(lostRanges);
  // What was declared before is declared again: the record that said so may be among the lost events.
  const gone = mergeRanges([...lostRanges, ...declared]);
  if (gone.length > 0) ledger.declareLost('corrupt', gone, lost, events, now);
  tables.writeState(ledger.state());
  db.exec('COMMIT');
  close();
  const ready = `${name}.ready`;
  renameSync(name, ready);
  return { file: generations.switchTo(ready, now.epochMs), said };
}

function clip(ranges: readonly SequenceRange[], highest: number): readonly SequenceRange[] {
  return mergeRanges(ranges.flatMap(([from, to]) => (from > highest ? [] : [[from, Math.min(to, highest)] as const])));
}

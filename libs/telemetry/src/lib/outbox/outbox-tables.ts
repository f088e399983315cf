import type { DeliveryClass, SequenceRange } from '@edge-blueprints/contracts';
import type { Contiguity, OutboxEntry } from './outbox-port.js';

/** A waiting event as it is stored. */
export interface OutboxRow extends OutboxEntry {
  /** What it counts against `maxBytes`: `storedSize`. */
  readonly size: number;
  /** Running time of the outbox, over all process starts, when it was stored. */
  readonly lifeMs: number;
}

/** A waiting event without its content. */
export interface RowHead {
  readonly sequence: number;
  readonly deliveryClass: DeliveryClass;
  readonly gap: boolean;
  readonly size: number;
  readonly lifeMs: number;
}

export type SpanKind = 'delivered' | 'declared';

/** Where the ledger keeps its rows: SQLite on a device, plain maps in virtual time. All calls belong to one transaction. */
export interface OutboxTables {
  insert(row: OutboxRow): void;
  /** New content of a waiting row: a gap record that grew. */
  rewrite(row: OutboxRow): void;
  remove(heads: readonly RowHead[]): void;
  /** Waiting events of a class with a number in the range, in order. */
  heads(query: {
    readonly deliveryClass: DeliveryClass;
    readonly range: SequenceRange;
    readonly newestFirst: boolean;
    readonly limit: number;
  }): readonly RowHead[];
  /** Whether an event of any class waits with a number in the range. */
  waits(range: SequenceRange): boolean;
  /** Whole events in the given order; `damaged` are those whose content is not what was written. */
  read(heads: readonly RowHead[]): { readonly rows: readonly OutboxRow[]; readonly damaged: readonly RowHead[] };
  /** Marks numbers as delivered or declared; ranges that touch become one. */
  mark(kind: SpanKind, range: SequenceRange): void;
  /** Ascending. */
  spans(kind: SpanKind): readonly SequenceRange[];
  /** One query. */
  contiguity(epoch: string, highest: number): Contiguity;
}

/** Room for the envelope of an event, in the buffer as on the wire. */
const envelopeBytes = 512;

/** @returns bytes in UTF-8 with the envelope */
export function storedSize(data: string): number {
  return Buffer.byteLength(data) + envelopeBytes;
}

import type { DeliveryClass, SequenceRange } from '@edge-blueprints/contracts';
import { countNumbers, mergeRanges, subtractRanges } from './number-ranges.js';
import type { OutboxRow, OutboxTables, RowHead, SpanKind } from './outbox-tables.js';

/** Rows in plain arrays: for virtual time and for simulated devices. Nothing survives the process. */
export function createMemoryTables(): OutboxTables {
  const rows: Record<DeliveryClass, OutboxRow[]> = { critical: [], business: [], metric: [] };
  const spans: Record<SpanKind, readonly SequenceRange[]> = { delivered: [], declared: [] };
  const slice = (list: readonly OutboxRow[], [from, to]: SequenceRange): readonly [number, number] => [
    lowerBound(list, from),
    lowerBound(list, to + 1),
  ];
  const place = (row: OutboxRow): number => lowerBound(rows[row.deliveryClass], row.sequence);

  return {
    insert: (row) => void rows[row.deliveryClass].splice(place(row), 0, row),
    rewrite: (row) => void rows[row.deliveryClass].splice(place(row), 1, row),
    remove(heads) {
      for (const deliveryClass of new Set(heads.map((head) => head.deliveryClass))) {
        const gone = new Set(heads.map((head) => head.sequence));
        rows[deliveryClass] = rows[deliveryClass].filter((row) => !gone.has(row.sequence));
      }
    },
    heads({ deliveryClass, range, newestFirst, limit }) {
      const list = rows[deliveryClass];
      const [start, end] = slice(list, range);
      const part = newestFirst
        ? list.slice(Math.max(start, end - limit), end).reverse()
        : list.slice(start, Math.min(end, start + limit));
      return part.map(headOf);
    },
    waits: (range) =>
      Object.values(rows).some((list) => {
        const [start, end] = slice(list, range);
        return end > start;
      }),
    read: (heads) => ({
      rows: heads.flatMap(({ deliveryClass, sequence }) => {
        const row = rows[deliveryClass][lowerBound(rows[deliveryClass], sequence)];
        return row ? [row] : [];
      }),
      damaged: [],
    }),
    mark(kind, range) {
      spans[kind] = mergeRanges([...spans[kind], range]);
    },
    spans: (kind) => spans[kind],
    contiguity(epoch, highest) {
      const waiting = Object.values(rows).flatMap((list) =>
        list.map(({ sequence }): SequenceRange => [sequence, sequence]),
      );
      const all = [...waiting, ...spans.delivered, ...spans.declared];
      return {
        epoch,
        highest,
        pending: waiting.length,
        delivered: countNumbers(spans.delivered),
        declared: countNumbers(spans.declared),
        missing: highest < 1 ? 0 : countNumbers(subtractRanges([[1, highest]], all)),
        twice: countNumbers(all) - countNumbers(mergeRanges(all)),
      };
    },
  };
}

function headOf({ sequence, deliveryClass, size, lifeMs, type }: OutboxRow): RowHead {
  return { sequence, deliveryClass, gap: type === 'edge-blueprints.gap.v1', size, lifeMs };
}

/** Index of the first row whose number is at least `sequence`. */
function lowerBound(list: readonly OutboxRow[], sequence: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.sequence ?? Infinity) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

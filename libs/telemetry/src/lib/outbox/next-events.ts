import type { DeliveryClass, SequenceRange } from '@edge-blueprints/contracts';
import { mergeRanges, subtractRanges } from './number-ranges.js';
import type { OutboxTables, RowHead } from './outbox-tables.js';

export interface NextLimit {
  readonly events: number;
  readonly bytes: number;
  readonly inFlight: readonly SequenceRange[];
}

/** So much of a batch is the newest, so that a day's backlog does not hide what happens now. */
const liveShare = 0.2;
const lower = ['business', 'metric'] as const;

/**
 * Chooses what is sent next: critical events, a live share of the newest others, then the oldest others.
 *
 * @param highest the highest number that may wait
 */
export function chooseNext(tables: Pick<OutboxTables, 'heads'>, limit: NextLimit, highest: number): readonly RowHead[] {
  const free = highest < 1 ? [] : subtractRanges([[1, highest]], mergeRanges(limit.inFlight));
  const chosen: RowHead[] = [];
  const taken = new Set<number>();
  let bytes = 0;

  /** @returns false when the batch, or this share of it, is full */
  const offer = (head: RowHead, share: { events: number; bytes: number }): boolean => {
    if (taken.has(head.sequence)) return true;
    if (chosen.length >= limit.events || share.events < 1) return false;
    if (chosen.length > 0 && (bytes + head.size > limit.bytes || head.size > share.bytes)) return false;
    chosen.push(head);
    taken.add(head.sequence);
    bytes += head.size;
    share.events--;
    share.bytes -= head.size;
    return true;
  };
  const fill = (
    classes: readonly DeliveryClass[],
    newestFirst: boolean,
    share: { events: number; bytes: number },
  ): void => {
    for (const range of newestFirst ? free.toReversed() : free) {
      if (chosen.length >= limit.events || share.events < 1) return;
      // As many as could be needed, and those that an earlier share has taken from the same place.
      const most = Math.min(share.events, limit.events - chosen.length) + taken.size;
      const heads = classes
        .flatMap((deliveryClass) => tables.heads({ deliveryClass, range, newestFirst, limit: most }))
        .sort((a, b) => (newestFirst ? b.sequence - a.sequence : a.sequence - b.sequence));
      for (const head of heads) if (!offer(head, share)) return;
    }
  };

  fill(['critical'], false, { events: limit.events, bytes: limit.bytes });
  const left = limit.events - chosen.length;
  fill(lower, true, { events: Math.ceil(left * liveShare), bytes: (limit.bytes - bytes) * liveShare });
  fill(lower, false, { events: left, bytes: limit.bytes });
  return chosen;
}

import { UsageError } from '@edge-blueprints/contracts';

/** Depth one, newest wins: what a source hands to a consumer that may be slower. */
export interface Mailbox<T> {
  /** Replaces an item that nobody has taken yet; the replaced one is counted and given to `onSuperseded`. */
  put(item: T): void;
  /** The next item; undefined after `close` or when the signal fires. One taker at a time. */
  take(signal: AbortSignal): Promise<T | undefined>;
  close(): void;
  readonly superseded: number;
}

export function createMailbox<T>(options: { readonly onSuperseded?: (item: T) => void } = {}): Mailbox<T> {
  let slot: { readonly item: T } | undefined;
  let waiting: ((item: T | undefined) => void) | undefined;
  let closed = false;
  let superseded = 0;
  return {
    put(item) {
      if (closed) return;
      if (waiting) {
        const hand = waiting;
        waiting = undefined;
        hand(item);
        return;
      }
      if (slot) {
        superseded += 1;
        options.onSuperseded?.(slot.item);
      }
      slot = { item };
    },
    take(signal) {
      if (waiting)
        throw new UsageError('pipeline.two-takers', 'A mailbox serves one taker at a time; await the first take.');
      if (slot) {
        const { item } = slot;
        slot = undefined;
        return Promise.resolve(item);
      }
      if (closed || signal.aborted) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const give = (item: T | undefined): void => {
          signal.removeEventListener('abort', onAbort);
          waiting = undefined;
          resolve(item);
        };
        const onAbort = (): void => give(undefined);
        signal.addEventListener('abort', onAbort, { once: true });
        waiting = give;
      });
    },
    close() {
      closed = true;
      waiting?.(undefined);
    },
    get superseded() {
      return superseded;
    },
  };
}

import { UsageError } from '@edge-blueprints/contracts';

/** First in, first out, with a bound. A full queue refuses the newest and counts it; nothing is dropped silently. */
export interface BoundedQueue<T> {
  /** False when the queue is full or closed; the item was not taken. */
  offer(item: T): boolean;
  /** The oldest item; undefined when the signal fires, or when the queue is closed and empty. One taker at a time. */
  take(signal: AbortSignal): Promise<T | undefined>;
  close(): void;
  readonly size: number;
  readonly refused: number;
}

export function createBoundedQueue<T>(capacity: number): BoundedQueue<T> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new UsageError('pipeline.capacity', `A queue needs a whole capacity of at least 1, got ${capacity}.`);
  }
  const items: T[] = [];
  let waiting: ((item: T | undefined) => void) | undefined;
  let closed = false;
  let refused = 0;
  return {
    offer(item) {
      if (closed || (!waiting && items.length >= capacity)) {
        refused += 1;
        return false;
      }
      if (waiting) waiting(item);
      else items.push(item);
      return true;
    },
    take(signal) {
      if (waiting)
        throw new UsageError('pipeline.two-takers', 'A queue serves one taker at a time; await the first take.');
      if (items.length > 0) return Promise.resolve(items.shift());
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
    get size() {
      return items.length;
    },
    get refused() {
      return refused;
    },
  };
}

/** Messages that wait for their commit. Bounded by bytes and count; a message beyond the bound waits at its door. */
export interface IngestQueue<T> {
  /** Resolves when the item was taken in, which slows its sender down. False when the queue was closed meanwhile. */
  put(item: T, bytes: number): Promise<boolean>;
  /** All that wait, up to `maxBytes`; resolves with none only when the queue is closed. One taker. */
  take(maxBytes: number): Promise<readonly T[]>;
  close(): void;
  stats(): { readonly messages: number; readonly bytes: number; readonly heldBack: number };
}

export function createIngestQueue<T>(limits: { readonly bytes: number; readonly messages: number }): IngestQueue<T> {
  let items: { readonly item: T; readonly bytes: number }[] = [];
  const doors: (() => void)[] = [];
  let bytes = 0;
  let heldBack = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  const isFull = (): boolean => bytes >= limits.bytes || items.length >= limits.messages;
  const openDoors = (): void => {
    while (doors.length > 0 && (closed || !isFull())) doors.shift()?.();
  };
  const enter = (item: T, size: number): boolean => {
    if (closed) return false;
    items.push({ item, bytes: size });
    bytes += size;
    wake?.();
    return true;
  };
  return {
    put(item, size) {
      if (closed || (!isFull() && doors.length === 0)) return Promise.resolve(enter(item, size));
      heldBack += 1;
      return new Promise((resolve) => doors.push(() => resolve(enter(item, size))));
    },
    async take(maxBytes) {
      while (items.length === 0 && !closed)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      wake = undefined;
      let n = 0;
      let size = 0;
      while (n < items.length && (n === 0 || size + (items[n]?.bytes ?? 0) <= maxBytes)) size += items[n++]?.bytes ?? 0;
      const taken = items.slice(0, n).map(({ item }) => item);
      items = items.slice(n);
      bytes -= size;
      openDoors();
      return taken;
    },
    close() {
      closed = true;
      wake?.();
      openDoors();
    },
    stats: () => ({ messages: items.length, bytes, heldBack }),
  };
}

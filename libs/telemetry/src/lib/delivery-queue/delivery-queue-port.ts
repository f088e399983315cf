/**
 * What gives way when there is no room: summaries first, then records, oldest first. A `foundation` is what others point at; it
 * never gives way.
 */
export const deliveryRanks = ['foundation', 'record', 'summary'] as const;
export type DeliveryRank = (typeof deliveryRanks)[number];

export interface DeliveryInput {
  readonly rank: DeliveryRank;
  /** Clock of the caller that never goes back, also across restarts; the age of an entry is counted by it. */
  readonly atMs: number;
  readonly body: string;
}

export interface DeliveryEntry {
  /** Grows, is never given twice, and names the entry. */
  readonly sequence: number;
  readonly rank: DeliveryRank;
  readonly atMs: number;
  readonly body: string;
}

export interface DeliveryLimits {
  /** Of everything that waits, each entry counted with its UTF-8 bytes and 64 besides. */
  readonly maxBytes: number;
  /** Records and summaries that have waited longer leave, counted. */
  readonly maxAgeMs: number;
  /** Of what was set aside; the oldest leave, counted. */
  readonly maxAsideBytes: number;
}

export interface DeliveryStats {
  readonly waiting: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly aside: number;
  /** Since the file was made: delivered, left for their age, left for want of room, not taken for want of room. */
  readonly delivered: number;
  readonly droppedForAge: number;
  readonly droppedForRoom: number;
  readonly refused: number;
  readonly asideDropped: number;
}

/** What came of entries that were handed out, with what follows from it: all of it, or nothing, is on disk. */
export interface Settlement {
  readonly delivered: readonly number[];
  /** Kept with the reason, out of the way of the rest. */
  readonly aside?: { readonly sequence: number; readonly reason: string };
  readonly append?: readonly DeliveryInput[];
}

/**
 * Texts on their way to one receiver, durable and in their order. What a call has resolved for survives SIGKILL and power loss
 * (SQLite, WAL, synchronous=FULL). Every call is one transaction.
 */
export interface DeliveryQueue {
  /** @returns how many were taken; the others found no room and are counted @throws DeviceError `store.disk`, nothing was stored */
  append(entries: readonly DeliveryInput[]): Promise<number>;
  /** The oldest, at most `limit`. They stay, whatever room is needed, until they are settled or others are handed out. */
  oldest(limit: number): Promise<readonly DeliveryEntry[]>;
  settle(settlement: Settlement): Promise<void>;
  /** What was set aside, oldest first. */
  aside(limit: number): Promise<readonly (Omit<DeliveryEntry, 'rank'> & { readonly reason: string })[]>;
  stats(): Promise<DeliveryStats>;
  /** Entries that wait, as of the last answer. */
  depth(): number;
  close(): Promise<void>;
}

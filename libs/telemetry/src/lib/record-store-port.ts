/** A picture or other payload, addressed by the SHA-256 of its bytes (hex). */
export interface BlobInput {
  readonly sha256: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
  /** Low-priority blobs make room first. */
  readonly priority: 'low' | 'high';
}

export interface RecordInput {
  /** Unique; a second put with the same key is refused as a duplicate and changes nothing. */
  readonly key: string;
  readonly atEpochMs: number;
  /** A word to filter by. */
  readonly tag: string;
  /** JSON text. */
  readonly body: string;
  readonly blobs: readonly BlobInput[];
  /** A message to deliver elsewhere, stored in the same transaction; null when there is nobody to tell. */
  readonly message: string | null;
}

export type PutOutcome = { readonly kind: 'stored' } | { readonly kind: 'duplicate' };

export interface StoredRecord {
  readonly key: string;
  readonly sequence: number;
  readonly tag: string;
  readonly body: string;
}

export interface OutboxMessage {
  readonly id: number;
  readonly key: string;
  readonly message: string;
  readonly attempts: number;
}

/** `refused`: the receiver will never take it. `reason` is its last answer. */
export interface UndeliveredMessage {
  readonly state: 'pending' | 'refused';
  readonly attempts: number;
  readonly reason: string | null;
}

export interface RecordStoreStats {
  readonly records: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly pending: number;
  readonly delivered: number;
  /** Messages that the receiver refused for good; kept until an operator looks. */
  readonly refused: number;
  readonly evictedBlobs: number;
  readonly evictedRecords: number;
  /** Records that were not stored because only undelivered ones were left to make room. */
  readonly rejectedFull: number;
  readonly full: boolean;
}

/**
 * Durable and bounded. What `put` reported as stored survives SIGKILL and power loss (SQLite, WAL, synchronous=FULL) and
 * is not evicted before its message was acknowledged. Room is made in this order: low-priority blobs, blobs of delivered
 * records, delivered records; the oldest first.
 */
export interface RecordStore {
  /** @throws DeviceError `store.full`, `store.disk` (nothing was stored) */
  put(record: RecordInput): Promise<PutOutcome>;
  get(key: string): Promise<StoredRecord | undefined>;
  /** Newest first. `before` is a sequence, exclusive. */
  list(query: {
    readonly limit: number;
    readonly before?: number;
    readonly tag?: string;
  }): Promise<readonly StoredRecord[]>;
  /**
   * Replaces the body of a record, for example with an operator's overrule, and lays a message about it into the outbox in
   * the same transaction: both or neither.
   * @returns false when the key is unknown
   * @throws DeviceError `store.full`, `store.disk` (nothing was changed)
   */
  amend(key: string, body: string, message?: string | null): Promise<boolean>;
  /** The messages of a record that are not acknowledged, oldest first. */
  undelivered(key: string): Promise<readonly UndeliveredMessage[]>;
  blob(sha256: string): Promise<{ readonly mime: string; readonly bytes: Uint8Array } | undefined>;
  /** Oldest undelivered messages. */
  pending(limit: number): Promise<readonly OutboxMessage[]>;
  acknowledge(id: number): Promise<void>;
  /** `final`: never tried again, counted as refused. */
  fail(id: number, reason: string, final: boolean): Promise<void>;
  /** Small values that must survive a restart, for example counters. */
  readValue(name: string): Promise<string | undefined>;
  writeValue(name: string, value: string): Promise<void>;
  stats(): Promise<RecordStoreStats>;
  close(): Promise<void>;
}

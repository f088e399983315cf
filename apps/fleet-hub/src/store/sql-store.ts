/** Text, numbers, truth values, bytes. Lists and objects go in as JSON text (`$1::jsonb`, `jsonb_to_recordset($1)`). */
export type SqlValue = string | number | boolean | null | Uint8Array;

/**
 * The same in both stores: int2 to int8 and float8 are numbers, timestamptz a Date, jsonb the parsed value, bytea bytes.
 * Cast `count(*)`, `sum` and numeric to int8 or float8; other types arrive as text.
 */
export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlResult {
  readonly rows: readonly SqlRow[];
  /** Rows that were inserted, updated or deleted. */
  readonly affected: number;
}

export interface SqlSession {
  /** One statement with `$1`-style values. @throws DeviceError as `storeError` tells */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult>;
  /** Several statements without values, for migrations. */
  script(sql: string): Promise<void>;
}

/** Where the hub keeps everything: PGlite in a worker thread, or a PostgreSQL server. One SQL dialect for both. */
export interface SqlStore extends SqlSession {
  readonly kind: 'pglite' | 'postgresql';
  /** Commits when `work` resolves, rolls back when it rejects. Use only the session inside; PGlite has one connection. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  stats(): SqlStoreStats;
  close(): Promise<void>;
}

export interface SqlStoreStats {
  /** Calls that wait for a connection now, and the bound beyond which a call fails with `hub.store-busy`. */
  readonly waiting: number;
  readonly maxWaiting: number;
  /** Calls that were refused because too many waited. */
  readonly refusedBusy: number;
}

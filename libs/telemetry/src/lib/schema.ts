/** Append only: a store that was written by version n is brought to the newest by the steps after n. */
export const migrations: readonly string[] = [
  `CREATE TABLE record (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL, tag TEXT NOT NULL,
     body TEXT NOT NULL, size INTEGER NOT NULL);
   CREATE INDEX record_tag ON record (tag, sequence);
   CREATE TABLE blob (
     sha256 TEXT PRIMARY KEY, sequence INTEGER NOT NULL, low INTEGER NOT NULL, mime TEXT NOT NULL, bytes BLOB NOT NULL,
     size INTEGER NOT NULL);
   CREATE INDEX blob_age ON blob (low, sequence);
   CREATE TABLE outbox (
     id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, message TEXT NOT NULL, state TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0, reason TEXT, size INTEGER NOT NULL);
   CREATE INDEX outbox_state ON outbox (state, id);
   CREATE INDEX outbox_key ON outbox (key);
   CREATE TABLE tally (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
   CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
];

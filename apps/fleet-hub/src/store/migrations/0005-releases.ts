import type { MigrationStep } from './migration-step.js';

export const releaseTable: MigrationStep = {
  name: '0005-releases',
  sql: `
-- What a store released: numbers with noise, each metric of each window once. There is nothing else of a store here.
-- The entry of the store's ledger that paid for it: one entry with two hashes, or a window that was paid for twice, shows a
-- ledger that was put back from a copy, so both are kept.
CREATE TABLE retail_release (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device_id int NOT NULL REFERENCES device ON DELETE CASCADE,
  store text NOT NULL,
  metric text NOT NULL,
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  event_at timestamptz NOT NULL,
  ledger_entry int8 NOT NULL,
  ledger_hash text NOT NULL,
  body jsonb NOT NULL,
  UNIQUE (device_id, store, metric, window_from, window_to, ledger_hash)
);
CREATE INDEX retail_release_entry ON retail_release (device_id, store, ledger_entry);
CREATE INDEX retail_release_newest ON retail_release (device_id, store, metric, window_to DESC);`,
};

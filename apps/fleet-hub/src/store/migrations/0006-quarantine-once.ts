import type { MigrationStep } from './migration-step.js';

export const quarantineOnce: MigrationStep = {
  name: '0006-quarantine-once',
  sql: `
-- The number of an event that was set aside, so that one that is sent again is not counted again. Null where it has none that
-- can be read, and for payloads that were no batch: nulls differ from each other.
ALTER TABLE quarantine ADD COLUMN epoch text, ADD COLUMN sequence int8;
CREATE UNIQUE INDEX quarantine_once ON quarantine (site, device, epoch, sequence);`,
};

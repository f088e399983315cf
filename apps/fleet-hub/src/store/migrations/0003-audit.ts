import type { MigrationStep } from './migration-step.js';

export const auditTables: MigrationStep = {
  name: '0003-audit',
  sql: `
-- Numbers without holes; each hash covers its entry and the hash before it, so that no entry can be changed, taken out or
-- put in between without all later hashes changing.
CREATE TABLE audit_entry (
  id int8 PRIMARY KEY,
  at timestamptz NOT NULL,
  who text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  detail text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);

-- One row: where the chain ends. Its lock puts writers in line.
CREATE TABLE audit_head (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  id int8 NOT NULL,
  hash text NOT NULL
);
INSERT INTO audit_head (id, hash) VALUES (0, '');`,
};

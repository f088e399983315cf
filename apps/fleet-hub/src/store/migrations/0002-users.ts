import type { MigrationStep } from './migration-step.js';

export const userTable: MigrationStep = {
  name: '0002-users',
  sql: `
CREATE TABLE hub_user (
  name text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  -- scrypt with its parameters and salt, never the password.
  password text NOT NULL,
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  last_sign_in_at timestamptz,
  -- Counts every change; a session of an older count is over.
  version int8 NOT NULL DEFAULT 1
);`,
};

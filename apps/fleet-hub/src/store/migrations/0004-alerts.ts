import type { MigrationStep } from './migration-step.js';

export const alertTables: MigrationStep = {
  name: '0004-alerts',
  sql: `
-- What is wrong now, one row for each device and kind. Alerts are made from these: one a device, or one a site.
CREATE TABLE alert_condition (
  site text NOT NULL,
  device text NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  text text NOT NULL,
  count int8 NOT NULL DEFAULT 1,
  since timestamptz NOT NULL,
  -- Over since then; it goes for good a while later, unless it comes back.
  gone_at timestamptz,
  -- Whether it was looked at after it had stood long enough.
  judged boolean NOT NULL DEFAULT false,
  PRIMARY KEY (site, kind, device)
);
CREATE INDEX alert_condition_due ON alert_condition (since) WHERE NOT judged;
CREATE INDEX alert_condition_gone ON alert_condition (gone_at) WHERE gone_at IS NOT NULL;

-- Device '*' is the whole site.
CREATE TABLE alert (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  device text NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  text text NOT NULL,
  raised_at timestamptz NOT NULL,
  cleared_at timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz,
  note text
);
CREATE UNIQUE INDEX alert_open ON alert (site, kind, device) WHERE cleared_at IS NULL;
CREATE INDEX alert_by_device ON alert (site, device, id);

-- One message to one output. Waiting ones are sent again after a restart.
CREATE TABLE alert_delivery (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id int8 NOT NULL REFERENCES alert ON DELETE CASCADE,
  output text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('raised', 'cleared')),
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  detail text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,
  UNIQUE (alert_id, output, phase)
);
CREATE INDEX alert_delivery_waiting ON alert_delivery (id) WHERE state = 'waiting';`,
};

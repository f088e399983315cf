import type { MigrationStep } from './migration-step.js';

const deviceTables = `
CREATE TABLE device (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  device text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  -- Hub clock, of the last thing the device itself sent.
  last_seen_at timestamptz,
  online boolean NOT NULL DEFAULT false,
  boot text,
  revoked boolean NOT NULL DEFAULT false,
  simulated boolean NOT NULL DEFAULT false,
  -- How the device's monotonic clock relates to ours.
  clock jsonb,
  clock_skew_ms float8,
  status_at timestamptz,
  info_at timestamptz,
  app text NOT NULL DEFAULT '',
  version text NOT NULL DEFAULT '',
  target text NOT NULL DEFAULT '',
  bundle text NOT NULL DEFAULT '',
  bundle_version text NOT NULL DEFAULT '',
  variant text NOT NULL DEFAULT '',
  provider text NOT NULL DEFAULT '',
  page_url text,
  -- Newest gauges, by their time.
  gauges_at timestamptz,
  backlog int8,
  -- Limits that the device is over now: clock, disk, latency, temperature.
  over_limits text[] NOT NULL DEFAULT '{}',
  declared_lost int8 NOT NULL DEFAULT 0,
  quarantined int8 NOT NULL DEFAULT 0,
  drift_alarms int NOT NULL DEFAULT 0,
  -- What the presence check told last: ok, stale or offline.
  presence text NOT NULL DEFAULT 'ok',
  incomplete_since timestamptz,
  incomplete_told boolean NOT NULL DEFAULT false,
  UNIQUE (site, device)
) WITH (fillfactor = 70);

-- One number sequence of a device. "delivered": committed here. "declared": the device said that they will never come.
CREATE TABLE stream (
  device_id int NOT NULL REFERENCES device,
  epoch text NOT NULL,
  highest int8 NOT NULL DEFAULT 0,
  delivered int8multirange NOT NULL DEFAULT '{}',
  declared int8multirange NOT NULL DEFAULT '{}',
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, epoch)
) WITH (fillfactor = 70);

-- Every event but metrics. "event_at" is corrected by the hub's clock, "device_at" is what the device's clock said.
CREATE TABLE event (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device_id int NOT NULL REFERENCES device,
  epoch text NOT NULL,
  sequence int8 NOT NULL,
  type text NOT NULL,
  class text NOT NULL,
  boot text NOT NULL,
  event_at timestamptz NOT NULL,
  device_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  clock text NOT NULL,
  simulated boolean NOT NULL,
  data jsonb NOT NULL,
  UNIQUE (device_id, epoch, sequence)
);

CREATE TABLE gap (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device_id int NOT NULL REFERENCES device,
  epoch text NOT NULL,
  numbers int8multirange NOT NULL,
  cause text NOT NULL,
  lost_critical int8 NOT NULL,
  lost_business int8 NOT NULL,
  lost_metric int8 NOT NULL,
  event_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX gap_by_device ON gap (device_id, id);

-- What could not be taken in, as it came. No foreign key: the topic may name a device that never was.
CREATE TABLE quarantine (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  site text NOT NULL,
  device text NOT NULL,
  code text NOT NULL,
  problem text NOT NULL,
  bytes int NOT NULL,
  raw bytea NOT NULL
);`;

const metricColumns = `
  device_id int NOT NULL REFERENCES device,
  series_id int NOT NULL REFERENCES metric_series,
  at timestamptz NOT NULL,
  n int8 NOT NULL,
  total float8 NOT NULL,
  low float8 NOT NULL,
  high float8 NOT NULL,
  last float8 NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, series_id, at)`;

const histogramColumns = `
  device_id int NOT NULL REFERENCES device,
  series_id int NOT NULL REFERENCES metric_series,
  at timestamptz NOT NULL,
  histogram jsonb NOT NULL`;

const metricTables = `
CREATE TABLE metric_series (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  name text NOT NULL,
  unit text NOT NULL,
  attributes jsonb NOT NULL,
  -- Attributes as text with sorted names, to compare by.
  attribute_key text NOT NULL,
  UNIQUE (kind, name, unit, attribute_key)
);

-- Gauges and counters by minute; folded into hours by the retention job.
CREATE TABLE metric_minute (${metricColumns}
) WITH (fillfactor = 80);
CREATE INDEX metric_minute_by_age ON metric_minute (at);
CREATE TABLE metric_hour (${metricColumns}
);
CREATE INDEX metric_hour_by_age ON metric_hour (at);

-- OpenTelemetry exponential histograms: parts of a minute, merged into hours by the retention job.
CREATE TABLE histogram_part (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,${histogramColumns}
);
CREATE INDEX histogram_part_by_device ON histogram_part (device_id, at);
CREATE INDEX histogram_part_by_age ON histogram_part (at);
CREATE TABLE histogram_hour (${histogramColumns},
  PRIMARY KEY (device_id, series_id, at)
);
CREATE INDEX histogram_hour_by_age ON histogram_hour (at);

-- Verdicts by hour of the corrected time; outlives the events.
CREATE TABLE verdict_hour (
  device_id int NOT NULL REFERENCES device,
  at timestamptz NOT NULL,
  bundle_version text NOT NULL,
  variant text NOT NULL,
  provider text NOT NULL,
  pass int8 NOT NULL,
  reject int8 NOT NULL,
  review int8 NOT NULL,
  error int8 NOT NULL,
  PRIMARY KEY (device_id, at, bundle_version, variant, provider)
);`;

const watchTables = `
CREATE TABLE drift_report (
  device_id int PRIMARY KEY REFERENCES device,
  event_at timestamptz NOT NULL,
  report jsonb NOT NULL
);

CREATE TABLE drift_alarm (
  device_id int NOT NULL REFERENCES device,
  alarm text NOT NULL,
  state text NOT NULL,
  event_at timestamptz NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (device_id, alarm)
);

CREATE TABLE label_task (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device_id int NOT NULL REFERENCES device,
  result_id text NOT NULL,
  event_at timestamptz NOT NULL,
  bundle_version text NOT NULL,
  candidate jsonb NOT NULL,
  truth text CHECK (truth IN ('good', 'bad')),
  labelled_by text,
  labelled_at timestamptz,
  note text NOT NULL DEFAULT '',
  UNIQUE (device_id, result_id)
);
CREATE INDEX label_task_open ON label_task (id) WHERE truth IS NULL;
CREATE INDEX label_task_done ON label_task (bundle_version, id) WHERE truth IS NOT NULL;

CREATE TABLE label_picture (
  task_id int8 NOT NULL REFERENCES label_task ON DELETE CASCADE,
  role text NOT NULL,
  mime text NOT NULL,
  width int NOT NULL,
  height int NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (task_id, role)
);

-- What alerts are made of, written in the transaction of its cause and deleted in the transaction of its effect.
CREATE TABLE fleet_change (
  id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  device_id int NOT NULL REFERENCES device,
  body jsonb NOT NULL
);

CREATE TABLE ingest_worker (
  name text PRIMARY KEY,
  at timestamptz NOT NULL,
  body jsonb NOT NULL
);

CREATE TABLE setting (
  name text PRIMARY KEY,
  value jsonb NOT NULL
);`;

export const fleetTables: MigrationStep = {
  name: '0001-fleet',
  sql: [deviceTables, metricTables, watchTables].join('\n'),
};

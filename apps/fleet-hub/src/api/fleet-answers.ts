import { driftAlarmSchema, driftReportSchema, retailReleaseSchema } from '@edge-blueprints/contracts';
import type {
  AlertView,
  DeviceDetailView,
  DevicePageView,
  DeviceRowView,
  FleetSummaryView,
  HubDriftView,
  HubStoresView,
} from '@edge-blueprints/contracts';
import { z } from 'zod';
import { alertKindSchema } from '../alerts/alert-conditions.js';

export const time = z.iso.datetime().meta({ description: 'UTC' });
const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

export const healthSchema = z.enum(['ok', 'degraded', 'alarm', 'stale', 'offline', 'revoked']);
const byHealth = z.record(healthSchema, count);

export const fleetSummarySchema = z.strictObject({
  at: time,
  devices: count,
  byHealth,
  sites: z.array(z.strictObject({ site: z.string(), devices: count, byHealth })),
  openAlerts: count,
  openLabels: count,
  ingest: z.strictObject({
    events: count,
    duplicates: count,
    quarantined: count,
    batchesRefused: count,
    eventsPerSecond: z.number().nonnegative(),
    broker: z.string(),
    store: z.string(),
    workers: count,
  }),
  incomplete: count.meta({ description: 'Devices with numbers neither delivered nor declared as lost; must be 0.' }),
}) satisfies z.ZodType<FleetSummaryView>;

export const deviceRowSchema = z.strictObject({
  site: z.string(),
  device: z.string(),
  health: healthSchema,
  reason: z.string(),
  app: z.string(),
  bundleVersion: z.string(),
  target: z.string(),
  lastSeenAt: time.nullable(),
  backlog: z.int().nullable(),
  declaredLost: count,
  openAlerts: count,
  simulated: z.boolean(),
}) satisfies z.ZodType<DeviceRowView>;

export const devicePageSchema = z.strictObject({
  total: count,
  offset: count,
  rows: z.array(deviceRowSchema),
}) satisfies z.ZodType<DevicePageView>;

export const alertSchema = z.strictObject({
  id: z.int(),
  site: z.string(),
  device: z.string().meta({ description: '* for the whole site' }),
  kind: alertKindSchema,
  severity: z.enum(['warning', 'alarm']),
  text: z.string(),
  raisedAt: time,
  clearedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: time.nullable(),
  note: z.string().nullable(),
  outputs: z.array(
    z.strictObject({ output: z.string(), state: z.enum(['sent', 'failed', 'waiting']), detail: z.string() }),
  ),
}) satisfies z.ZodType<AlertView>;

const quantile = z.number().nullable().meta({ description: 'null where the count does not support it' });

export const deviceDetailSchema = z.strictObject({
  row: deviceRowSchema,
  firstSeenAt: time,
  online: z.boolean(),
  boot: z.string().nullable(),
  version: z.string(),
  bundle: z.string(),
  variant: z.string(),
  provider: z.string(),
  pageUrl: z.string().nullable(),
  clockSkewMs: z.number().nullable(),
  latencies: z.array(
    z.strictObject({
      name: z.string(),
      model: z.string(),
      provider: z.string(),
      count,
      p50Ms: quantile,
      p95Ms: quantile,
      p99Ms: quantile,
      maxMs: quantile,
    }),
  ),
  verdicts: z.strictObject({ pass: count, reject: count, review: count, error: count }),
  rejectShare: z.strictObject({ count, of: count, share, low: share, high: share }),
  series: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      at: z.array(z.number()),
      values: z.array(z.number().nullable()),
    }),
  ),
  epochs: z.array(
    z.strictObject({
      epoch: z.string(),
      highest: count,
      delivered: count,
      declared: count,
      missing: count,
      contiguous: z.boolean(),
    }),
  ),
  gaps: z.array(z.strictObject({ at: time, from: count, to: count, cause: z.string() })),
  alerts: z.array(alertSchema),
}) satisfies z.ZodType<DeviceDetailView>;

export const hubDriftSchema = z.strictObject({
  devices: z.array(
    z.strictObject({
      site: z.string(),
      device: z.string(),
      at: time,
      report: driftReportSchema,
      alarms: z.array(driftAlarmSchema),
    }),
  ),
}) satisfies z.ZodType<HubDriftView>;

export const hubStoresSchema = z.strictObject({
  stores: z.array(
    z.strictObject({
      site: z.string(),
      device: z.string(),
      store: z.string(),
      newest: z.array(retailReleaseSchema),
      counts: z.array(retailReleaseSchema),
      forked: z.boolean(),
    }),
  ),
}) satisfies z.ZodType<HubStoresView>;

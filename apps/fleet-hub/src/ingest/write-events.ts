import type { SqlSession } from '../store/sql-store.js';
import { hourMs, ofType, startOf } from './fresh-event.js';
import type { FreshEvent } from './fresh-event.js';

/** Kept elsewhere: metrics as series, label candidates as tasks, of drift reports the newest, releases of stores. */
const notKept: ReadonlySet<string> = new Set([
  'edge-blueprints.metrics.v1',
  'edge-blueprints.label-candidate.v1',
  'edge-blueprints.drift-report.v1',
  'edge-blueprints.retail-release.v1',
]);

/** Events that were thrown into the table `event`, and what is counted of them. */
export async function writeEvents(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const rows = fresh
    .filter(({ event }) => !notKept.has(event.type))
    .map(({ deviceId, event, atMs, clock, receivedAtMs }) => ({
      device_id: deviceId,
      epoch: event.epoch,
      sequence: event.sequence,
      type: event.type,
      class: event.deliveryclass,
      boot: event.boot,
      at_ms: atMs,
      device_ms: Date.parse(event.time),
      received_ms: receivedAtMs,
      clock,
      simulated: event.simulated,
      data: event.data,
    }));
  if (rows.length > 0) {
    await session.query(
      `INSERT INTO event (device_id, epoch, sequence, type, class, boot, event_at, device_at, received_at, clock, simulated, data)
       SELECT device_id, epoch, sequence, type, class, boot, to_timestamp(at_ms / 1000.0), to_timestamp(device_ms / 1000.0),
         to_timestamp(received_ms / 1000.0), clock, simulated, data
       FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, epoch text, sequence int8, type text, class text, boot text,
         at_ms float8, device_ms float8, received_ms float8, clock text, simulated boolean, data jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  await countVerdicts(session, fresh);
  await writeGaps(session, fresh);
}

async function countVerdicts(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const sums = new Map<string, Record<string, string | number>>();
  for (const { deviceId, event, atMs } of ofType(fresh, 'edge-blueprints.part-inspected.v1')) {
    const { bundleVersion, variant, provider, verdict } = event.data;
    const at = startOf(hourMs, atMs);
    const key = JSON.stringify([deviceId, at, bundleVersion, variant, provider]);
    const none = { pass: 0, reject: 0, review: 0, error: 0 };
    const sum = sums.get(key) ?? { device_id: deviceId, at, bundle_version: bundleVersion, variant, provider, ...none };
    sums.set(key, { ...sum, [verdict]: Number(sum[verdict]) + 1 });
  }
  if (sums.size === 0) return;
  await session.query(
    `INSERT INTO verdict_hour AS v (device_id, at, bundle_version, variant, provider, pass, reject, review, error)
     SELECT device_id, at, bundle_version, variant, provider, pass, reject, review, error
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, at timestamptz, bundle_version text, variant text, provider text,
       pass int8, reject int8, review int8, error int8)
     ON CONFLICT (device_id, at, bundle_version, variant, provider) DO UPDATE SET
       pass = v.pass + excluded.pass, reject = v.reject + excluded.reject,
       review = v.review + excluded.review, error = v.error + excluded.error`,
    [JSON.stringify([...sums.values()])],
  );
}

async function writeGaps(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const rows = ofType(fresh, 'edge-blueprints.gap.v1').map(({ deviceId, event: { data }, atMs, receivedAtMs }) => ({
    device_id: deviceId,
    epoch: data.epoch,
    numbers: `{${data.ranges.map(([from, to]) => `[${from},${to}]`).join(',')}}`,
    cause: data.cause,
    lost_critical: data.lost.critical,
    lost_business: data.lost.business,
    lost_metric: data.lost.metric,
    at_ms: atMs,
    received_ms: receivedAtMs,
  }));
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO gap (device_id, epoch, numbers, cause, lost_critical, lost_business, lost_metric, event_at, received_at)
     SELECT device_id, epoch, numbers::int8multirange, cause, lost_critical, lost_business, lost_metric,
       to_timestamp(at_ms / 1000.0), to_timestamp(received_ms / 1000.0)
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, epoch text, numbers text, cause text, lost_critical int8,
       lost_business int8, lost_metric int8, at_ms float8, received_ms float8)`,
    [JSON.stringify(rows)],
  );
}

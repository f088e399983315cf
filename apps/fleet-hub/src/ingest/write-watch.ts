import type { SqlSession } from '../store/sql-store.js';
import { ofType } from './fresh-event.js';
import type { FreshEvent } from './fresh-event.js';

/** Label tasks, drift reports and drift alarms. */
export async function writeWatch(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  await writeLabelTasks(session, fresh);
  await writeDriftReports(session, fresh);
  await writeDriftAlarms(session, fresh);
}

async function writeLabelTasks(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const candidates = ofType(fresh, 'edge-blueprints.label-candidate.v1');
  if (candidates.length === 0) return;
  const rows = candidates.map(({ deviceId, atMs, event: { data } }) => {
    const { pictures, ...candidate } = data;
    return {
      device_id: deviceId,
      result_id: data.resultId,
      at_ms: atMs,
      bundle_version: data.bundleVersion,
      candidate,
      // One picture a role: the table's key.
      pictures: [...new Map(pictures.map((picture) => [picture.role, picture])).values()],
    };
  });
  // The pictures of a task that was there before stay as they are.
  await session.query(
    `WITH i AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, result_id text, at_ms float8, bundle_version text,
         candidate jsonb, pictures jsonb)),
     task AS (
       INSERT INTO label_task (device_id, result_id, event_at, bundle_version, candidate)
       SELECT device_id, result_id, to_timestamp(at_ms / 1000.0), bundle_version, candidate FROM i
       ON CONFLICT (device_id, result_id) DO NOTHING RETURNING id, device_id, result_id)
     INSERT INTO label_picture (task_id, role, mime, width, height, bytes)
     SELECT task.id, p.role, p.mime, p.width, p.height, decode(p.base64, 'base64')
     FROM task JOIN i USING (device_id, result_id),
       jsonb_to_recordset(i.pictures) AS p(role text, mime text, width int, height int, base64 text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

async function writeDriftReports(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const newest = newestBy(ofType(fresh, 'edge-blueprints.drift-report.v1'), ({ deviceId }) => String(deviceId));
  if (newest.length === 0) return;
  await session.query(
    `INSERT INTO drift_report AS d (device_id, event_at, report)
     SELECT device_id, to_timestamp(at_ms / 1000.0), report
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, at_ms float8, report jsonb)
     ON CONFLICT (device_id) DO UPDATE SET event_at = excluded.event_at, report = excluded.report
     WHERE excluded.event_at >= d.event_at`,
    [
      JSON.stringify(
        newest.map(({ deviceId, atMs, event }) => ({ device_id: deviceId, at_ms: atMs, report: event.data })),
      ),
    ],
  );
}

async function writeDriftAlarms(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const newest = newestBy(ofType(fresh, 'edge-blueprints.drift-alarm.v1'), ({ deviceId, event }) =>
    JSON.stringify([deviceId, event.data.alarm]),
  );
  if (newest.length === 0) return;
  await session.query(
    `INSERT INTO drift_alarm AS d (device_id, alarm, state, event_at, body)
     SELECT device_id, alarm, state, to_timestamp(at_ms / 1000.0), body
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, alarm text, state text, at_ms float8, body jsonb)
     ON CONFLICT (device_id, alarm) DO UPDATE SET state = excluded.state, event_at = excluded.event_at, body = excluded.body
     WHERE excluded.event_at >= d.event_at`,
    [
      JSON.stringify(
        newest.map(({ deviceId, atMs, event: { data } }) => ({
          device_id: deviceId,
          alarm: data.alarm,
          state: data.state,
          at_ms: atMs,
          body: data,
        })),
      ),
    ],
  );
  await session.query(
    `UPDATE device SET drift_alarms =
       (SELECT count(*) FROM drift_alarm WHERE device_id = device.id AND state = 'raised')
     WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb)::int)`,
    [JSON.stringify([...new Set(newest.map(({ deviceId }) => deviceId))])],
  );
}

function newestBy<E extends FreshEvent>(events: readonly E[], keyOf: (event: E) => string): readonly E[] {
  const newest = new Map<string, E>();
  for (const each of events) {
    const key = keyOf(each);
    const before = newest.get(key);
    if (before === undefined || each.atMs >= before.atMs) newest.set(key, each);
  }
  return [...newest.values()];
}

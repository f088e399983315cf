import { metricCatalogue } from '@edge-blueprints/contracts';
import type { MetricName, SeriesView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';

/** What a device page draws, and how the values of several attributes become one: backlog adds up, of sensors the hottest counts. */
const drawn: readonly { readonly name: MetricName; readonly join: 'sum' | 'max'; readonly of: 'last' | 'total' }[] = [
  { name: 'edge.parts', join: 'sum', of: 'total' },
  { name: 'edge.outbox.pending', join: 'sum', of: 'last' },
  { name: 'system.cpu.utilization', join: 'max', of: 'last' },
  { name: 'system.memory.utilization', join: 'max', of: 'last' },
  { name: 'system.filesystem.utilization', join: 'max', of: 'last' },
  { name: 'hw.temperature', join: 'max', of: 'last' },
  { name: 'process.memory.usage', join: 'max', of: 'last' },
  { name: 'edge.drift.effect', join: 'max', of: 'last' },
];

const rowSchema = z.array(z.object({ name: z.string(), at: z.number(), value: z.number() }));

/** Minute values since a time; a minute without a report is null, so that a page draws a hole and no line over it. */
export async function seriesOf(session: SqlSession, deviceId: number, sinceMs: number): Promise<readonly SeriesView[]> {
  const { rows } = await session.query(
    `SELECT i.name, extract(epoch FROM m.at)::float8 AS at,
       CASE i.j WHEN 'sum' THEN sum(CASE i.o WHEN 'total' THEN m.total ELSE m.last END)
         ELSE max(CASE i.o WHEN 'total' THEN m.total ELSE m.last END) END AS value
     FROM jsonb_to_recordset($3::jsonb) AS i(name text, j text, o text)
     JOIN metric_series s ON s.name = i.name JOIN metric_minute m ON m.series_id = s.id
     WHERE m.device_id = $1 AND m.at >= to_timestamp($2 / 1000.0)
     GROUP BY i.name, i.j, i.o, m.at ORDER BY m.at`,
    [deviceId, sinceMs, JSON.stringify(drawn.map(({ name, join, of }) => ({ name, j: join, o: of })))],
  );
  const found = rowSchema.parse(rows);
  const minutes = [...new Set(found.map(({ at }) => at))];
  const [first = 0] = minutes;
  const last = minutes.at(-1) ?? -1;
  const at = Array.from({ length: Math.max(0, Math.round((last - first) / 60) + 1) }, (_, i) => first + i * 60);
  return drawn.flatMap(({ name }) => {
    const values = new Map(found.filter((row) => row.name === name).map((row) => [row.at, row.value]));
    if (values.size === 0) return [];
    return [{ name, unit: metricCatalogue[name].unit, at, values: at.map((time) => values.get(time) ?? null) }];
  });
}

import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';

export interface SeriesName {
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Numbers of metric series, shared by all devices. Bounded: a device that invents attribute values cannot fill the hub. */
export interface SeriesNumbers {
  /** Adds the missing ones. A name that has no room is absent from the answer and counted. */
  resolve(session: SqlSession, names: ReadonlyMap<string, SeriesName>): Promise<ReadonlyMap<string, number>>;
  /** Names that were refused because the bound was reached. */
  readonly refused: number;
}

const rowSchema = z.array(
  z.object({ id: z.number(), kind: z.string(), name: z.string(), unit: z.string(), attribute_key: z.string() }),
);

export function attributeKey(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function seriesKey({ kind, name, unit, attributes }: SeriesName): string {
  return JSON.stringify([kind, name, unit, attributeKey(attributes)]);
}

export function createSeriesNumbers(maxSeries: number): SeriesNumbers {
  // Only what an earlier, committed transaction made may be remembered: a number of a rolled back one is nobody's.
  const known = new Map<string, number>();
  let refused = 0;

  const look = async (session: SqlSession, keys: readonly string[], names: ReadonlyMap<string, SeriesName>) => {
    const { rows } = await session.query(
      `SELECT s.id, s.kind, s.name, s.unit, s.attribute_key
       FROM jsonb_to_recordset($1::jsonb) AS i(kind text, name text, unit text, attribute_key text)
       JOIN metric_series s USING (kind, name, unit, attribute_key)`,
      [rowsFor(keys, names)],
    );
    return rowSchema.parse(rows).map((row) => {
      const key = JSON.stringify([row.kind, row.name, row.unit, row.attribute_key]);
      return [key, row.id] as const;
    });
  };

  return {
    resolve: async (session, names) => {
      const found = new Map<string, number>();
      const unknown: string[] = [];
      for (const key of names.keys()) {
        const id = known.get(key);
        if (id === undefined) unknown.push(key);
        else found.set(key, id);
      }
      if (unknown.length === 0) return found;
      for (const [key, id] of await look(session, unknown, names)) {
        found.set(key, id);
        known.set(key, id);
      }
      const missing = unknown.filter((key) => !found.has(key));
      if (missing.length === 0) return found;
      const { rows } = await session.query('SELECT count(*)::int8 AS n FROM metric_series');
      const room = Math.max(0, maxSeries - Number(rows[0]?.['n']));
      refused += Math.max(0, missing.length - room);
      const taken = missing.slice(0, room).sort();
      if (taken.length === 0) return found;
      await session.query(
        `INSERT INTO metric_series (kind, name, unit, attributes, attribute_key)
         SELECT kind, name, unit, attributes, attribute_key
         FROM jsonb_to_recordset($1::jsonb) AS i(kind text, name text, unit text, attributes jsonb, attribute_key text)
         ON CONFLICT (kind, name, unit, attribute_key) DO NOTHING`,
        [rowsFor(taken, names)],
      );
      for (const [key, id] of await look(session, taken, names)) found.set(key, id);
      return found;
    },
    get refused() {
      return refused;
    },
  };
}

function rowsFor(keys: readonly string[], names: ReadonlyMap<string, SeriesName>): string {
  const rows = keys.flatMap((key) => {
    const series = names.get(key);
    return series === undefined ? [] : [{ ...series, attribute_key: attributeKey(series.attributes) }];
  });
  return JSON.stringify(rows);
}

import type { SequenceRange } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';
import { multirangeText, parseMultirange, rangesOf } from './number-ranges.js';

/** What a group adds to one number sequence of a device. */
export interface StreamAddition {
  readonly deviceId: number;
  readonly epoch: string;
  readonly delivered: ReadonlySet<number>;
  readonly declared: readonly SequenceRange[];
}

const knownSchema = z.array(z.object({ device_id: z.number(), epoch: z.string(), known: z.string() }));

/** @returns by `{deviceId} {epoch}`, those of these numbers that were committed before */
export async function knownNumbers(
  session: SqlSession,
  asked: readonly { readonly deviceId: number; readonly epoch: string; readonly numbers: Iterable<number> }[],
): Promise<ReadonlyMap<string, readonly SequenceRange[]>> {
  if (asked.length === 0) return new Map();
  const { rows } = await session.query(
    `SELECT s.device_id, s.epoch, (s.delivered * i.numbers::int8multirange)::text AS known
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, epoch text, numbers text) JOIN stream s USING (device_id, epoch)
     WHERE s.delivered && i.numbers::int8multirange`,
    [
      JSON.stringify(
        asked.map(({ deviceId, epoch, numbers }) => ({
          device_id: deviceId,
          epoch,
          numbers: multirangeText(rangesOf(numbers)),
        })),
      ),
    ],
  );
  return new Map(
    knownSchema.parse(rows).map((row) => [streamKey(row.device_id, row.epoch), parseMultirange(row.known)]),
  );
}

export function streamKey(deviceId: number, epoch: string): string {
  return `${deviceId} ${epoch}`;
}

/** Widens the sequences. Numbers that were there before change nothing. */
export async function widenStreams(
  session: SqlSession,
  additions: readonly StreamAddition[],
  nowMs: number,
): Promise<void> {
  if (additions.length === 0) return;
  const rows = additions.map(({ deviceId, epoch, delivered, declared }) => {
    const ranges = rangesOf(delivered);
    return {
      device_id: deviceId,
      epoch,
      delivered: multirangeText(ranges),
      declared: multirangeText(declared),
      highest: Math.max(ranges.at(-1)?.[1] ?? 0, ...declared.map(([, to]) => to)),
    };
  });
  await session.query(
    `INSERT INTO stream AS s (device_id, epoch, highest, delivered, declared, first_at, last_at)
     SELECT device_id, epoch, highest, delivered::int8multirange, declared::int8multirange,
       to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0)
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, epoch text, highest int8, delivered text, declared text)
     ORDER BY device_id, epoch
     ON CONFLICT (device_id, epoch) DO UPDATE SET
       highest = greatest(s.highest, excluded.highest),
       delivered = s.delivered + excluded.delivered,
       declared = s.declared + excluded.declared,
       last_at = excluded.last_at`,
    [JSON.stringify(rows), nowMs],
  );
}

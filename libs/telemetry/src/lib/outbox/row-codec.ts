import { crc32 } from 'node:zlib';
import type { DeliveryClass } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { OutboxRow } from './outbox-tables.js';

const header = z.tuple([z.string(), z.string(), z.boolean(), z.number(), z.number()]);

/** libsql gives one row's blob as a Buffer, but those of many rows as ArrayBuffers. */
export const storedBytes = z
  .union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)])
  .transform((bytes) =>
    bytes instanceof ArrayBuffer ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );

/** What stands in the columns of an event's table. */
export const storedRowSchema = z.object({
  sequence: z.number(),
  size: z.number(),
  life_ms: z.number(),
  gap: z.number(),
  crc: z.number(),
  body: storedBytes,
});
export type StoredRow = z.output<typeof storedRowSchema>;

/** All in one blob under one checksum, so that no flipped bit can pass for content. */
export function encodeRow(row: OutboxRow): StoredRow {
  const head = JSON.stringify([row.boot, row.type, row.simulated, row.epochMs, row.uptimeMs]);
  const body = Buffer.from(`${head}\n${row.data}`);
  const plain = {
    sequence: row.sequence,
    size: row.size,
    life_ms: row.lifeMs,
    gap: row.type === 'edge-blueprints.gap.v1' ? 1 : 0,
    body,
  };
  return { ...plain, crc: checksum(row.deliveryClass, plain) };
}

/** @returns undefined where the row is not what was written */
export function decodeRow(deliveryClass: DeliveryClass, stored: unknown): OutboxRow | undefined {
  const parsed = storedRowSchema.safeParse(stored);
  if (!parsed.success || checksum(deliveryClass, parsed.data) !== parsed.data.crc) return undefined;
  const { sequence, size, life_ms: lifeMs, body } = parsed.data;
  const text = body.toString('utf8');
  const split = text.indexOf('\n');
  const [boot, type, simulated, epochMs, uptimeMs] = header.parse(JSON.parse(text.slice(0, split)));
  const data = text.slice(split + 1);
  return { sequence, boot, type, deliveryClass, simulated, epochMs, uptimeMs, data, size, lifeMs };
}

function checksum(deliveryClass: DeliveryClass, row: Omit<StoredRow, 'crc'>): number {
  return crc32(row.body, crc32(`${deliveryClass} ${row.sequence} ${row.size} ${row.life_ms} ${row.gap}`));
}

import { join } from 'node:path';
import { acvpu } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { AssociationBook } from '../ingest/association-book.js';
import type { Ingest } from '../ingest/ingest.js';
import type { LimitBook } from '../limits/limit-book.js';
import { bedLimitsSchema } from '../limits/limit-settings.js';
import { knownBands } from '../scores/news2/clinical-response.js';
import type { ObservationDesk } from '../scores/observations/observation-desk.js';
import { readStateFile, writeStateFile } from './state-files.js';

const entry = <T extends z.ZodType>(value: T) => z.strictObject({ value, atMs: z.int(), observation: z.string() });

const snapshotSchema = z.strictObject({
  v: z.literal(1),
  beds: z.array(
    z.strictObject({
      bed: z.string(),
      startedMs: z.int(),
      refused: z.string().exactOptional(),
      scale: z.union([z.literal(1), z.literal(2)]),
      band: z.enum(knownBands).exactOptional(),
      measured: z.array(
        z.tuple([z.enum(['respiration', 'oxygenSaturation', 'systolic', 'pulse', 'temperature']), entry(z.string())]),
      ),
      breathing: entry(z.enum(['air', 'oxygen'])).exactOptional(),
      consciousness: entry(z.enum(acvpu)).exactOptional(),
    }),
  ),
  associations: z.array(
    z.strictObject({ device: z.string(), bed: z.string(), fromMs: z.int(), toMs: z.int().exactOptional() }),
  ),
  limits: z.array(z.tuple([z.string(), bedLimitsSchema])),
  clocks: z.array(z.strictObject({ device: z.string(), boot: z.string(), offsetMs: z.int() })).default([]),
});
export type WardSnapshot = z.infer<typeof snapshotSchema>;

const fileOf = (folder: string): string => join(folder, 'ward-snapshot.json');

/** Observations, associations and limits of the life before. @throws ConfigError `ward.state-invalid` */
export function readSnapshot(folder: string): WardSnapshot | undefined {
  return readStateFile(fileOf(folder), snapshotSchema);
}

/** @returns writes what changed since the last call @throws DeviceError `ward.state-write`, also of the returned function */
export function createSnapshotWriter(
  folder: string,
  parts: {
    readonly desk: ObservationDesk;
    readonly book: AssociationBook;
    readonly limits: LimitBook;
    readonly ingest: Ingest;
  },
): () => void {
  let written = '';
  return () => {
    const { desk, book, limits, ingest } = parts;
    const next = {
      v: 1,
      beds: desk.snapshot(),
      associations: book.snapshot(),
      limits: limits.snapshot(),
      clocks: ingest.clocks(),
    };
    const text = JSON.stringify(next);
    if (text === written) return;
    writeStateFile(fileOf(folder), next);
    written = text;
  };
}

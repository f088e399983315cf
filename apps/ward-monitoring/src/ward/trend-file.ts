import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { historyMinutes, historySeries, type KeptTrack, type VitalHistory } from './vital-history.js';

const headerSchema = z.strictObject({
  v: z.literal(1),
  tracks: z.array(
    z.strictObject({
      bed: z.string().max(60),
      series: z.enum(historySeries),
      newest: z.int().min(0),
      minutes: z.int().min(0).max(historyMinutes),
    }),
  ),
});
const largestHeader = 4 * 2 ** 20;

/** Trends on the disk: one file of at most 20 kB a bed, written aside and renamed. Alarms do not depend on it. */
export interface TrendFile {
  /** What was kept, of patients who are still there. @param patientSince journal ms; undefined for a bed without a patient */
  restore(patientSince: (bed: string) => number | undefined, nowMs: number): Promise<void>;
  /** One at a time; a fault is logged and tried again at the next call. */
  save(): Promise<void>;
}

export function openTrendFile(folder: string, history: VitalHistory, logger: Logger): TrendFile {
  const file = join(folder, 'trends.bin');
  let saving: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    const temporary = `${file}.${process.pid}.part`;
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(encodeTracks(history.keep()));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      logger.warn('ward.trends-unsaved', { error: errorMessage(error) });
    }
  };
  return {
    async restore(patientSince, nowMs) {
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes === undefined) return;
      const tracks = decodeTracks(bytes);
      if (tracks === undefined) return logger.warn('ward.trends-unreadable', { file: 'trends.bin' });
      for (const track of tracks) {
        const since = patientSince(track.bed);
        if (since !== undefined) history.restore(track, since, nowMs);
      }
    },
    save() {
      saving ??= write().finally(() => (saving = undefined));
      return saving;
    },
  };
}

/** Length of the header, header as JSON, then 16-bit values of all tracks. */
export function encodeTracks(tracks: readonly KeptTrack[]): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      v: 1,
      tracks: tracks.map(({ bed, series, newest, tenths }) => ({ bed, series, newest, minutes: tenths.length })),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const values = Buffer.alloc(2 * tracks.reduce((sum, { tenths }) => sum + tenths.length, 0));
  let at = 0;
  for (const { tenths } of tracks) for (const one of tenths) at = values.writeInt16LE(one, at);
  return Buffer.concat([length, header, values]);
}

/** @returns undefined for what is not whole */
export function decodeTracks(bytes: Buffer): readonly KeptTrack[] | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32LE(0);
  if (length > largestHeader || bytes.length < 4 + length) return undefined;
  let at = 4 + length;
  try {
    const { tracks } = headerSchema.parse(JSON.parse(bytes.toString('utf8', 4, at)));
    if (bytes.length !== at + 2 * tracks.reduce((sum, { minutes }) => sum + minutes, 0)) return undefined;
    return tracks.map(({ minutes, ...track }) => {
      const tenths = Int16Array.from({ length: minutes }, (_, i) => bytes.readInt16LE(at + 2 * i));
      at += 2 * minutes;
      return { ...track, tenths };
    });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

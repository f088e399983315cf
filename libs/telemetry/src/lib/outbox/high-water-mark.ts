import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';

/** Numbers are reserved in blocks, so that the file is written once in so many events. */
const block = 1_000;

const markSchema = z.strictObject({
  epoch: z.string().regex(/^[0-9a-f]{16}$/),
  /** The highest number that was in the outbox file when this was written. */
  from: z.int().nonnegative(),
  /** No number above was ever given. */
  to: z.int().positive(),
  crc: z.number(),
});
export type HighWaterMark = Readonly<Omit<z.infer<typeof markSchema>, 'crc'>>;

/**
 * A small file beside the outbox that says up to which number it may have given numbers. It outlives the outbox file: when
 * that is lost or replaced by an old copy, no number is given twice and the lost ones can be declared.
 */
export function highWaterMark(file: string) {
  let current: HighWaterMark | undefined;
  return {
    /** @returns undefined where there is none that can be trusted */
    read(): HighWaterMark | undefined {
      current = undefined;
      if (!existsSync(file)) return undefined;
      let json: unknown;
      try {
        json = JSON.parse(readFileSync(file, 'utf8'));
      } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
      }
      const parsed = markSchema.safeParse(json);
      if (!parsed.success || parsed.data.crc !== checksum(parsed.data)) return undefined;
      const { epoch, from, to } = parsed.data;
      current = { epoch, from, to };
      return current;
    },
    /**
     * Durable when it returns: numbers up to `highest` may be given.
     *
     * @param committed the highest number that is in the outbox file for certain
     */
    reserve(epoch: string, committed: number, highest: number): void {
      if (current?.epoch === epoch && highest <= current.to) return;
      const mark = { epoch, from: committed, to: highest + block };
      writeWhole(file, JSON.stringify({ ...mark, crc: checksum(mark) }));
      current = mark;
    },
  };
}

function checksum({ epoch, from, to }: HighWaterMark): number {
  return crc32(`${epoch} ${from} ${to}`);
}

function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.tmp`;
  const handle = openSync(temporary, 'w');
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/** A rename is durable once its folder is synced; Windows knows no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

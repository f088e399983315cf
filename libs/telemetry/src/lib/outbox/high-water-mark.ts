import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';

const markSchema = z.strictObject({
  epoch: z.string().regex(/^[0-9a-f]{16}$/),
  /** How often the outbox file had been opened. */
  starts: z.int().nonnegative(),
  /** The highest number that was in the outbox file when this was written. */
  from: z.int().nonnegative(),
  /** No number above was ever given. */
  to: z.int().nonnegative(),
  crc: z.number(),
});
export type HighWaterMark = Readonly<Omit<z.infer<typeof markSchema>, 'crc'>>;

/**
 * A small file beside the outbox that says up to which number it may have given numbers. It outlives the outbox file: when
 * that is lost or replaced by an old copy, no number is given twice and the lost ones can be declared.
 *
 * @param block numbers are reserved in blocks, so that this file is written once in so many events
 */
export function highWaterMark(file: string, block: number) {
  let current: HighWaterMark | undefined;
  const write = (mark: HighWaterMark): void => {
    writeWhole(file, JSON.stringify({ ...mark, crc: checksum(mark) }));
    current = mark;
  };
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
      const { epoch, starts, from, to } = parsed.data;
      current = { epoch, starts, from, to };
      return current;
    },
    /** Durable when it returns: numbers up to `highest` may be given. `from` is in the outbox file already. */
    reserve(mark: Omit<HighWaterMark, 'to'>, highest: number): void {
      if (current?.epoch === mark.epoch && current.starts === mark.starts && highest <= current.to) return;
      write({ ...mark, to: highest + block });
    },
    /** At each start and at the end: an outbox file that knows less than this is an old copy. */
    note(mark: Omit<HighWaterMark, 'to'>): void {
      write({ ...mark, to: Math.max(mark.from, current?.epoch === mark.epoch ? current.to : 0) });
    },
  };
}

export type HighWaterMarkFile = ReturnType<typeof highWaterMark>;

/** @returns why the outbox file cannot be the newest, or undefined */
export function olderThanMark(
  file: { readonly epoch: string; readonly starts: number; readonly highest: number },
  mark: HighWaterMark | undefined,
): string | undefined {
  if (mark === undefined || mark.epoch !== file.epoch) return undefined;
  if (file.starts >= mark.starts && file.highest >= mark.from) return undefined;
  return `an older copy was put in its place: it knows ${file.starts} starts and number ${file.highest}, but there were ${mark.starts} starts and number ${mark.from}`;
}

function checksum({ epoch, starts, from, to }: HighWaterMark): number {
  return crc32(`${epoch} ${starts} ${from} ${to}`);
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

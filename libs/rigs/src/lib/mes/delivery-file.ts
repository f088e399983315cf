import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { DeliveryEntry } from './delivery-book.js';

const entrySchema = z.strictObject({
  uniqueId: z.string(),
  transactionId: z.string(),
  digest: z.string(),
  units: z.array(z.strictObject({ id: z.string(), result: z.enum(['Passed', 'Failed', 'Error', 'Aborted']) })),
  defects: z.record(z.string(), z.number()),
  // Files of before overrules were told apart hold machine inspections only.
  human: z.boolean().default(false),
});

export interface DeliveryFile {
  /** What earlier runs took over. */
  readonly entries: readonly DeliveryEntry[];
  /** Settles when the entry is on the disk; only then may it be acknowledged. */
  append(entry: DeliveryEntry): Promise<void>;
  close(): Promise<void>;
}

/**
 * One JSON line an entry. A last line that a crash cut off was never acknowledged: it is taken away.
 * @throws ConfigError `mes.store-unreadable` when a line inside is damaged
 */
export async function openDeliveryFile(path: string): Promise<DeliveryFile> {
  await mkdir(dirname(path), { recursive: true });
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const entries = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return entrySchema.parse(JSON.parse(line));
      } catch (error) {
        throw new ConfigError(
          'mes.store-unreadable',
          `Line ${index + 1} of ${path} is damaged: ${errorMessage(error)}. Move the file away to start an empty store.`,
          { cause: error },
        );
      }
    });
  const file: FileHandle = await open(path, 'a');
  await file.truncate(Buffer.byteLength(whole));
  return {
    entries,
    async append(entry) {
      await file.appendFile(`${JSON.stringify(entry)}\n`);
      await file.datasync();
    },
    close: () => file.close(),
  };
}

import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeviceError } from '@edge-blueprints/contracts';

/** What one request changed, in its order. `put` is the JSON of the version. */
export type Change =
  { readonly put: string } | { readonly delete: string; readonly versionId: string } | { readonly forget: string };

/** Append-only file of changes: one line for each request, so that a torn tail takes a whole request away and never half of one. */
export interface ResourceLog {
  /** @throws DeviceError `fhir.store` when the disk does not take it; the file is then as it was before */
  append(changes: readonly Change[]): Promise<void>;
  /** Replaces the file by these changes (temporary file, then rename). */
  rewrite(changes: Iterable<Change>): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

/**
 * Opens or creates the file and hands every change in it to `replay`.
 * @throws DeviceError `fhir.store` when the file cannot be opened, or a line in its middle is no line of ours
 */
export async function openResourceLog(
  file: string,
  replay: (change: Change) => void,
): Promise<{ readonly log: ResourceLog; readonly tornBytes: number }> {
  const fail = (what: string) => (cause: unknown) => {
    throw new DeviceError('fhir.store', `${what} ${file}; check room and rights of its folder`, {
      cause,
      retry: 'safe',
    });
  };
  await mkdir(dirname(file), { recursive: true }).catch(fail('cannot create the folder of'));
  let handle = await open(file, 'a+').catch(fail('cannot open'));
  const first = handle;
  let size = 0;
  const load = async (): Promise<number> => {
    const content = await readFile(file).catch(fail('cannot read'));
    size = content.lastIndexOf(0x0a) + 1;
    for (let from = 0, line = 1; from < size; line++) {
      const to = content.indexOf(0x0a, from);
      for (const change of changesOf(content.toString('utf8', from, to), `${file}, line ${line}`)) replay(change);
      from = to + 1;
    }
    if (size < content.length) await first.truncate(size).catch(fail('cannot cut the torn tail of'));
    return content.length - size;
  };
  const tornBytes = await load().catch(async (error: unknown) => {
    await first.close();
    throw error;
  });

  const write = async (to: FileHandle, text: string): Promise<number> => {
    const bytes = Buffer.from(text, 'utf8');
    await to.appendFile(bytes);
    return bytes.length;
  };
  return {
    tornBytes,
    log: {
      append: async (changes) => {
        try {
          const added = await write(handle, `${JSON.stringify(changes)}\n`);
          await handle.datasync();
          size += added;
        } catch (error) {
          await handle.truncate(size).catch(() => undefined);
          fail('cannot write')(error);
        }
      },
      rewrite: async (changes) => {
        const fresh = await open(`${file}.tmp`, 'w').catch(fail('cannot compact'));
        try {
          let written = 0;
          let text = '';
          for (const change of changes) {
            text += `${JSON.stringify([change])}\n`;
            if (text.length < 1_000_000) continue;
            written += await write(fresh, text);
            text = '';
          }
          written += await write(fresh, text);
          await fresh.sync();
          await fresh.close();
          await rename(`${file}.tmp`, file);
          await handle.close();
          handle = await open(file, 'a+');
          size = written;
        } catch (error) {
          await fresh.close().catch(() => undefined);
          fail('cannot compact')(error);
        }
      },
      bytes: () => size,
      close: () => handle.close(),
    },
  };
}

function changesOf(line: string, where: string): readonly Change[] {
  try {
    const parsed: unknown = JSON.parse(line);
    if (Array.isArray(parsed) && parsed.every(isChange)) return parsed;
  } catch {
    // Said below.
  }
  throw new DeviceError(
    'fhir.store',
    `${where} is no line of this store; move the file aside, keep it, and start again`,
  );
}

function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false;
  if ('put' in value) return typeof value.put === 'string';
  if ('delete' in value)
    return typeof value.delete === 'string' && 'versionId' in value && typeof value.versionId === 'string';
  return 'forget' in value && typeof value.forget === 'string';
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders, openAppendFile, writeDurably, type AppendFile, type OpenAppendFile } from './durable-files.js';
import { canonicalJson } from './canonical-json.js';
import { groupedIndex } from './tile-path.js';

/** Numbers of entries in one file. */
const fileWidth = 256;

export interface Payload {
  readonly seq: number;
  /** 32 bytes as hex. */
  readonly salt: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * What entries only commit to, in files that may be changed: the log stays whole when a payload is erased, and without
 * the salt its commitment tells nothing. An erased payload's blocks may live on in a flash disk; encrypt the disk.
 */
export interface PayloadStore {
  /** On disk when this resolves. */
  append(payloads: readonly Payload[]): Promise<void>;
  /** The payload that fits the commitment; undefined once it is erased. */
  find(seq: number, commitment: string): Promise<Payload | undefined>;
  /** @returns how many were there */
  erase(seqs: readonly number[]): Promise<number>;
  close(): Promise<void>;
}

/** Hex SHA-256 of salt and canonical payload. */
export function commitmentOf(payload: Omit<Payload, 'seq'>): string {
  return createHash('sha256')
    .update(Buffer.from(payload.salt, 'hex'))
    .update(canonicalJson(payload.payload))
    .digest('hex');
}

export function createPayloadStore(folder: string, openFile: OpenAppendFile = openAppendFile): PayloadStore {
  let active: { readonly file: AppendFile; readonly path: string } | undefined;
  const pathOf = (seq: number): string => `payloads/${groupedIndex(Math.floor(seq / fileWidth))}.jsonl`;

  async function close(): Promise<void> {
    const open = active;
    active = undefined;
    await open?.file.close();
  }

  async function fileOf(path: string): Promise<AppendFile> {
    if (active?.path === path) return active.file;
    await active?.file.sync();
    await close();
    await makeFolders(folder, dirname(path));
    const whole = await readText(path);
    const file = await openFile(join(folder, path));
    // A line that a crash cut short would spoil the next one.
    if (whole !== '' && !whole.endsWith('\n'))
      await file.cut(Buffer.byteLength(whole.slice(0, whole.lastIndexOf('\n') + 1)));
    active = { file, path };
    return file;
  }

  async function readText(path: string): Promise<string> {
    return readFile(join(folder, path), 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
  }

  return {
    append: async (payloads) => {
      try {
        for (const payload of payloads)
          await (await fileOf(pathOf(payload.seq))).write(Buffer.from(`${canonicalJson(payload)}\n`));
        if (payloads.length > 0) await active?.file.sync();
      } catch (error) {
        // What is half written is cut when the file is opened again.
        await close().catch(() => undefined);
        throw error;
      }
    },
    find: async (seq, commitment) => {
      for (const line of (await readText(pathOf(seq))).split('\n')) {
        const payload = payloadOf(line);
        if (payload?.seq === seq && commitmentOf(payload) === commitment) return payload;
      }
      return undefined;
    },
    erase: async (seqs) => {
      await close();
      let erased = 0;
      for (const path of new Set(seqs.map((seq) => pathOf(seq)))) {
        const lines = (await readText(path)).split('\n').filter((line) => line !== '');
        const kept = lines.filter((line) => !seqs.includes(payloadOf(line)?.seq ?? -1));
        erased += lines.length - kept.length;
        if (kept.length < lines.length)
          await writeDurably(join(folder, path), Buffer.from(kept.map((line) => `${line}\n`).join('')), 0o600);
      }
      return erased;
    },
    close,
  };
}

function payloadOf(line: string): Payload | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null || !('seq' in value && 'salt' in value && 'payload' in value))
    return undefined;
  const { seq, salt, payload } = value;
  if (typeof seq !== 'number' || typeof salt !== 'string' || typeof payload !== 'object' || payload === null)
    return undefined;
  return { seq, salt, payload: { ...payload } };
}

import { crc32 } from 'node:zlib';
import { canonicalJson } from './canonical-json.js';
import { journalEntrySchema, type JournalEntry } from './journal-entry.js';

/** `EJ`, length of the payload (u32), CRC-32 of the payload (u32), payload in canonical JSON. Big-endian. */
const magic = 0x454a;
const headBytes = 10;
const mostPayloadBytes = 32 * 1024 * 1024;

export function encodeFrame(entry: JournalEntry): Buffer {
  const payload = Buffer.from(canonicalJson(entry));
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(magic, 0);
  head.writeUInt32BE(payload.length, 2);
  head.writeUInt32BE(crc32(payload), 6);
  return Buffer.concat([head, payload]);
}

export interface ReadFrames {
  readonly entries: readonly JournalEntry[];
  /** Bytes from the beginning that are whole entries. */
  readonly soundBytes: number;
  /** Whole entries behind the first damage: something else than an interrupted append happened. */
  readonly soundBehind: number;
}

/** Reads whole entries up to the first byte that does not fit, and counts what is readable behind it. */
export function readFrames(bytes: Buffer): ReadFrames {
  const entries: JournalEntry[] = [];
  let at = 0;
  for (;;) {
    const frame = frameAt(bytes, at);
    if (frame === undefined) break;
    if (entries.length > 0 && frame.entry.seq !== (entries.at(-1)?.seq ?? 0) + 1) break;
    entries.push(frame.entry);
    at = frame.end;
  }
  let soundBehind = 0;
  for (let next = bytes.indexOf('EJ', at); next !== -1;) {
    const frame = frameAt(bytes, next);
    if (frame !== undefined) soundBehind += 1;
    next = bytes.indexOf('EJ', frame?.end ?? next + 1);
  }
  return { entries, soundBytes: at, soundBehind };
}

function frameAt(bytes: Buffer, at: number): { readonly entry: JournalEntry; readonly end: number } | undefined {
  if (at + headBytes > bytes.length || bytes.readUInt16BE(at) !== magic) return undefined;
  const length = bytes.readUInt32BE(at + 2);
  const end = at + headBytes + length;
  if (length > mostPayloadBytes || end > bytes.length) return undefined;
  const payload = bytes.subarray(at + headBytes, end);
  if (crc32(payload) !== bytes.readUInt32BE(at + 6)) return undefined;
  const entry = journalEntrySchema.safeParse(parsed(payload));
  return entry.success ? { entry: entry.data, end } : undefined;
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch (error) {
    // The search behind a damage meets bytes that only look like an entry.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { createHash } from 'node:crypto';

/** One entry in the write-ahead file. */
export interface WalRecord {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** In front of every segment, then the check that the chain goes on from. */
const magic = Buffer.from('edge-wal-1\n');
const checkBytes = 16;
const headBytes = 4 + 8 + checkBytes;
export const walHeadBytes = magic.length + checkBytes;
export const walStart = Buffer.alloc(checkBytes);

export function walHead(previous: Uint8Array): Buffer {
  return Buffer.concat([magic, previous]);
}

/**
 * Length, number, check, entry. The check covers the one before, so that a record that is torn, garbled or out of place
 * ends the readable part. It tells crash from data; it is no protection against people.
 */
export function encodeWalRecord(
  record: WalRecord,
  previous: Uint8Array,
): { readonly bytes: Buffer; readonly check: Buffer } {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(record.bytes.length, 0);
  head.writeBigUInt64BE(BigInt(record.seq), 4);
  const check = checkOf(previous, head, record.bytes);
  return { bytes: Buffer.concat([head, check, record.bytes]), check };
}

export interface WalSegment {
  readonly records: readonly WalRecord[];
  /** Bytes up to the end of the last whole record. */
  readonly goodBytes: number;
  /** The check that this segment went on from, and the one that the next goes on from. Undefined without a whole head. */
  readonly chain: { readonly from: Buffer; readonly to: Buffer } | undefined;
}

/** Reads up to the first record that is not whole. */
export function readWalSegment(bytes: Buffer): WalSegment {
  const records: WalRecord[] = [];
  if (bytes.length < walHeadBytes || !bytes.subarray(0, magic.length).equals(magic))
    return { records, goodBytes: 0, chain: undefined };
  const from = bytes.subarray(magic.length, walHeadBytes);
  let check = from;
  let at = walHeadBytes;
  while (at + headBytes <= bytes.length) {
    const end = at + headBytes + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    const entry = bytes.subarray(at + headBytes, end);
    const found = bytes.subarray(at + 12, at + headBytes);
    if (!checkOf(check, bytes.subarray(at, at + 12), entry).equals(found)) break;
    records.push({ seq: Number(bytes.readBigUInt64BE(at + 4)), bytes: entry });
    check = found;
    at = end;
  }
  return { records, goodBytes: at, chain: { from, to: check } };
}

function checkOf(previous: Uint8Array, head: Uint8Array, entry: Uint8Array): Buffer {
  return createHash('sha256').update(previous).update(head).update(entry).digest().subarray(0, checkBytes);
}

import { existsSync, readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * Whether a write-ahead log holds a commit that SQLite would pass over in silence. SQLite reads frames up to the first
 * whose checksum fails and forgets the rest: right after a power cut, which can only hurt the last commit, but a flipped
 * bit further up takes finished commits with it. File format: https://www.sqlite.org/fileformat2.html#walformat
 *
 * @returns true when a frame that ends a commit stands behind a bad one, or frames stand behind a bad header
 */
export function walHidesCommits(file: string): boolean {
  if (!existsSync(file)) return false;
  const wal = readFileSync(file);
  if (wal.byteLength < headerBytes + frameHeaderBytes) return false;
  const magic = wal.readUInt32BE(0);
  const pageSize = wal.readUInt32BE(8);
  const words = sums(magic & 1);
  const start = words(wal, 0, 24, [0, 0]);
  const knownMagic = magic === 0x377f0682 || magic === 0x377f0683;
  if (!knownMagic || pageSize < 512 || start[0] !== wal.readUInt32BE(24) || start[1] !== wal.readUInt32BE(28))
    return true;
  let sum = start;
  let broken = false;
  for (let at = headerBytes; at + frameHeaderBytes + pageSize <= wal.byteLength; at += frameHeaderBytes + pageSize) {
    // Frames of an earlier round carry other salts.
    const ours =
      wal.readUInt32BE(at + 8) === wal.readUInt32BE(16) && wal.readUInt32BE(at + 12) === wal.readUInt32BE(20);
    if (!broken) {
      sum = words(wal, at, at + 8, sum);
      sum = words(wal, at + frameHeaderBytes, at + frameHeaderBytes + pageSize, sum);
      broken = !ours || sum[0] !== wal.readUInt32BE(at + 16) || sum[1] !== wal.readUInt32BE(at + 20);
      // A commit whose own last frame is the bad one.
      if (broken && wal.readUInt32BE(at + 4) > 0 && ours) return true;
    } else if (ours && wal.readUInt32BE(at + 4) > 0) return true;
  }
  return false;
}

type Sum = readonly [number, number];

function sums(bigEndian: number) {
  return (bytes: Buffer, from: number, to: number, [a, b]: Sum): Sum => {
    let [first, second] = [a, b];
    for (let at = from; at < to; at += 8) {
      first = (first + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + second) >>> 0;
      second = (second + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + first) >>> 0;
    }
    return [first, second];
  };
}

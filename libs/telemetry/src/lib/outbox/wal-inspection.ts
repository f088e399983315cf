import { existsSync, readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * Whether a write-ahead log may hold commits that SQLite would pass over in silence. SQLite reads frames up to the first
 * whose checksum fails and forgets the rest: right after a power cut, which can only hurt the last commit, but a flipped
 * bit further up takes finished commits with it. The two cannot always be told apart; then this says yes. What no one can
 * see is a log that ends too early because the disk only claimed to have synced it.
 * File format: https://www.sqlite.org/fileformat2.html#walformat
 *
 * @returns true when a frame of this log's round stands where it is not read, or frames stand behind a bad header
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
  let sum: Sum | undefined = start;
  for (let at = headerBytes; at + frameHeaderBytes + pageSize <= wal.byteLength; at += frameHeaderBytes + pageSize) {
    // Frames of an earlier round carry two other salts; a flipped bit changes one of them.
    const same = [16, 20].filter((salt) => wal.readUInt32BE(at + salt - 8) === wal.readUInt32BE(salt)).length;
    if (sum) {
      sum = words(wal, at, at + 8, sum);
      sum = words(wal, at + frameHeaderBytes, at + frameHeaderBytes + pageSize, sum);
      const good = same === 2 && sum[0] === wal.readUInt32BE(at + 16) && sum[1] === wal.readUInt32BE(at + 20);
      if (good) continue;
      sum = undefined;
    }
    if (same > 0) return true;
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

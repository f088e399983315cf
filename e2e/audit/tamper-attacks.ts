import type { LogSigner } from '../../libs/audit/src/lib/log/log-signer.js';
import { forge, reworded, type LogFiles } from '../../libs/audit/src/testing/tamper-bench.js';

/** A change of the entries of a log, and the first number that it touches. */
export interface Edit {
  readonly name: string;
  readonly from: number;
  readonly entries: readonly Buffer[];
}

/**
 * Deletion, insertion, exchange, doubling, another wording, cut ends and another whole log, at borders of tiles and between them.
 * @param isFull at eight places instead of four
 */
export function editsOf(entries: readonly Buffer[], isFull: boolean): readonly Edit[] {
  const { length } = entries;
  const at = (seq: number): Buffer => entries[seq] ?? Buffer.alloc(0);
  const borders = [1, 255, 257, length - 2];
  const places = [0, 256, Math.floor(length / 2), length - 1, ...(isFull ? borders : [])];
  const word = (seq: number): Buffer => reworded(at(seq), { actor: { id: 'nobody', role: 'nurse' } });
  return [
    ...places.flatMap((seq): readonly Edit[] => [
      { name: `entry ${seq} deleted`, from: seq, entries: entries.toSpliced(seq, 1) },
      { name: `an entry inserted before ${seq}`, from: seq, entries: entries.toSpliced(seq, 0, word(seq)) },
      { name: `entry ${seq} doubled`, from: seq + 1, entries: entries.toSpliced(seq, 0, at(seq)) },
      { name: `entry ${seq} worded otherwise`, from: seq, entries: entries.with(seq, word(seq)) },
      ...(seq + 1 < length
        ? [
            {
              name: `entries ${seq} and ${seq + 1} exchanged`,
              from: seq,
              entries: entries.toSpliced(seq, 2, at(seq + 1), at(seq)),
            },
          ]
        : []),
    ]),
    { name: 'entries 3 and 9,000 exchanged', from: 3, entries: entries.with(3, at(9_000)).with(9_000, at(3)) },
    ...[1, 256, 5_000].map((count) => ({
      name: `the oldest ${count} cut off`,
      from: 0,
      entries: entries.slice(count),
    })),
    ...[1, 256, 5_000].map((count) => ({
      name: `the newest ${count} cut off`,
      from: length - count,
      entries: entries.slice(0, -count),
    })),
    ...[length - 300, 1].map((from) => ({
      name: `every entry from ${from} on worded otherwise, same length`,
      from,
      entries: entries.map((entry, seq) => (seq < from ? entry : word(seq))),
    })),
    { name: 'another whole log of the same size', from: 0, entries: entries.map((_, seq) => word(seq)) },
  ];
}

/** The edited log with all hashes made again, signed by whoever has that key. */
export function rewritten(edit: Edit, signer: LogSigner): Promise<LogFiles> {
  return forge(edit.entries, signer);
}

/** The edited log with all hashes made again under what the true key signed. */
export async function underOldHeads(edit: Edit, signer: LogSigner, files: LogFiles): Promise<LogFiles> {
  const forged = await forge(edit.entries, signer);
  for (const name of ['checkpoint', 'checkpoints.jsonl']) forged.set(name, files.get(name) ?? Buffer.alloc(0));
  return forged;
}

/** One byte of a file, and the bit that is turned over in it. */
export interface Flip {
  readonly path: string;
  readonly at: number;
  readonly mask: number;
}

/**
 * Where bits are turned over. Every byte of the checkpoint, of the history of checkpoints and of the tiles above the leaves; of each
 * leaf hash one byte, and of each entry one byte and its length, both walking on from one to the next, so that every place in a
 * hash and every bit comes up.
 * @param thin takes one of so many of the hashes and entries, and of the bytes of checkpoint, history and upper tiles one of an
 * eighth of that
 */
export function flipPlan(files: LogFiles, thin: number): readonly Flip[] {
  const flips: Flip[] = [];
  const add = (path: string, at: number): void => void flips.push({ path, at, mask: 2 ** (flips.length % 8) });
  let step = 0;
  const every = (count: number): boolean => step++ % count === 0;
  const upper = Math.max(1, Math.floor(thin / 8));
  for (const [path, bytes] of files) {
    if (path.startsWith('tile/0/')) {
      for (let hash = 0; hash * 32 < bytes.length; hash += 1)
        if (every(thin)) add(path, hash * 32 + (flips.length % 32));
    } else if (path.startsWith('tile/entries/')) {
      let [start, number] = [0, 0];
      for (; start < bytes.length; start += 2 + bytes.readUInt16BE(start), number += 1) {
        if (!every(thin)) continue;
        const length = bytes.readUInt16BE(start);
        add(path, start + (number % 2));
        add(path, start + 2 + ((number * 37) % length));
      }
    } else for (let at = 0; at < bytes.length; at += 1) if (every(upper)) add(path, at);
  }
  return flips;
}

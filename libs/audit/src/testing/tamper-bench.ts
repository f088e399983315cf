import { signatureLine, signCheckpoint } from '../lib/log/checkpoint-note.js';
import { canonicalJson } from '../lib/log/canonical-json.js';
import { createGrowingTree, leafHash, tileWidth } from '../lib/log/merkle-tree.js';
import { tilePath } from '../lib/log/tile-path.js';
import type { Anchor } from '../verify/anchors.js';
import { parseVkey } from '../verify/note.js';
import { readBundle } from '../verify/tile-checks.js';
import { verifyLog, type Report, type VerifyOptions } from '../verify/verify-log.js';
import { memoryFolder } from './memory-folder.js';
import { logSigner, witnessSigner } from './trail-bench.js';

export type LogFiles = ReadonlyMap<string, Buffer>;

const key = (vkey: string) => {
  const parsed = parseVkey(vkey);
  if (parsed === undefined) throw new TypeError(`no key: ${vkey}`);
  return parsed;
};
export const logKey = key(logSigner.vkey);
export const witnessKey = key(witnessSigner.vkey);

export function judge(files: LogFiles, more: Partial<VerifyOptions> = {}): Promise<Report> {
  return verifyLog({ folder: memoryFolder(files), keys: [logKey], anchors: [], maxUnanchored: 1e9, ...more });
}

export function anchorOf(files: LogFiles, from = 'siem'): Anchor {
  return { kind: 'checkpoint', from, note: (files.get('checkpoint') ?? Buffer.alloc(0)).toString('utf8') };
}

/** All entries of a log that is not pruned. */
export function entriesOf(files: LogFiles): readonly Buffer[] {
  const widest = new Map<string, Buffer>();
  for (const [path, bytes] of files) {
    const [, name] = /^tile\/entries\/(.+?)(?:\.p\/\d+)?$/.exec(path) ?? [];
    if (name !== undefined && bytes.length > (widest.get(name)?.length ?? -1)) widest.set(name, bytes);
  }
  return [...widest.keys()].sort().flatMap((name) => readBundle(widest.get(name) ?? Buffer.alloc(0)) ?? []);
}

/** What somebody with the disk, and perhaps the key, makes of these entries: a log that agrees with itself. */
export async function forge(entries: readonly Buffer[], signer = logSigner): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const tree = createGrowingTree();
  for (const entry of entries) tree.append(leafHash(entry));
  for (const { level, index, hashes } of [...tree.takeFull(), ...tree.edge()])
    files.set(tilePath(level, index, hashes.length), Buffer.concat(hashes));
  for (let index = 0; index * tileWidth < entries.length; index += 1) {
    const part = entries.slice(index * tileWidth, (index + 1) * tileWidth);
    files.set(
      tilePath('entries', index, part.length),
      Buffer.concat(part.flatMap((entry) => [lengthOf(entry), entry])),
    );
  }
  const { note } = await signCheckpoint({ origin: signer.name, size: tree.size(), root: tree.root() }, [signer]);
  files.set('checkpoint', Buffer.from(note));
  files.set('checkpoints.jsonl', Buffer.from(`${JSON.stringify(note)}\n`));
  return files;
}

/** The same entry with other words, its number and clocks unchanged. */
export function reworded(entry: Buffer, change: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(canonicalJson({ ...JSON.parse(entry.toString('utf8')), ...change }));
}

/** Adds the cosignature of the witness to the checkpoint of a log. */
export async function cosigned(files: LogFiles, atS: number): Promise<Map<string, Buffer>> {
  const note = (files.get('checkpoint') ?? Buffer.alloc(0)).toString('utf8');
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const signature = await witnessSigner.sign(Buffer.from(`cosignature/v1\ntime ${atS}\n${text}`));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(atS));
  const line = signatureLine(witnessSigner.name, Buffer.concat([witnessSigner.keyId, time, signature]));
  return new Map(files).set('checkpoint', Buffer.from(note + line));
}

/** One byte changed. */
export function flipped(files: LogFiles, path: string, at: number, mask = 1): Map<string, Buffer> {
  const bytes = Buffer.from(files.get(path) ?? Buffer.alloc(0));
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return new Map(files).set(path, bytes);
}

function lengthOf(entry: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return length;
}

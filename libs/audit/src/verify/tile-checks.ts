import { hashOfLeaf } from './hashing.js';
import { pathOf, type LogFolder, type TileName } from './log-folder.js';
import { fold, split } from './tile-tree.js';
import type { FindingList } from './verdict.js';

/** Entry bundle to its entries; undefined where the lengths do not add up. */
export function readBundle(bytes: Buffer): readonly Buffer[] | undefined {
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 2 > bytes.length) return undefined;
    const start = at + 2;
    at = start + bytes.readUInt16BE(at);
    if (at > bytes.length) return undefined;
    entries.push(bytes.subarray(start, at));
  }
  return entries;
}

/**
 * Reads every published file below the checkpoint's size once: entries hash to level 0, full tiles to the level above, and
 * stale partial files are the beginnings of what replaced them.
 * @returns number of the first entry that is there
 */
export async function checkTiles(
  folder: LogFolder,
  size: number,
  findings: FindingList,
  onEntry: (seq: number, bytes: Buffer) => void,
): Promise<number> {
  const { tiles, strange } = await folder.list();
  for (const path of strange) findings.fail('strange-file', `${path} is no file of a log`);
  const there = new Map<string, TileName[]>();
  for (const name of tiles) {
    const key = `${name.level}/${name.index}`;
    there.set(key, [...(there.get(key) ?? []), name]);
  }
  const files = { folder, findings, there };
  const total = Math.ceil(size / 256);
  const pruned = prunedTiles(there, Math.floor(size / 256));
  let hashes: Buffer[] = [];
  for (let index = 0; index < total; index += 1) {
    const width = Math.min(256, size - index * 256);
    if (index < pruned) {
      hashes.push((await upperHash(folder, index, size)) ?? Buffer.alloc(32));
      continue;
    }
    const tile = await mainFile(files, { level: 0, index, width });
    const bundle = await mainFile(files, { level: 'entries', index, width });
    const entries = bundle === undefined ? [] : (readBundle(bundle) ?? []);
    if (bundle !== undefined && entries.length < width)
      findings.fail('bundle-form', `${pathOf({ level: 'entries', index, width })} does not hold ${width} entries`);
    const told = tile === undefined ? [] : split(tile);
    const leaves = entries.slice(0, width).map((entry, i) => {
      const leaf = hashOfLeaf(entry);
      if (told[i]?.equals(leaf) !== true)
        findings.fail(
          'entry-hash',
          `Entry ${index * 256 + i} is not what ${pathOf({ level: 0, index, width })} holds the hash of`,
        );
      return leaf;
    });
    for (const [i, entry] of entries.slice(0, width).entries()) onEntry(index * 256 + i, entry);
    if (width < 256) continue;
    hashes.push(leaves.length === 256 ? fold(leaves) : Buffer.alloc(32));
  }
  for (let level = 1; hashes.length > 0; level += 1) {
    await checkLevel(files, level, hashes);
    hashes = Array.from({ length: Math.floor(hashes.length / 256) }, (_, i) =>
      fold(hashes.slice(i * 256, i * 256 + 256)),
    );
  }
  checkBeyond(there, size, findings);
  return Math.min(pruned * 256, size);
}

interface Files {
  readonly folder: LogFolder;
  readonly findings: FindingList;
  readonly there: ReadonlyMap<string, readonly TileName[]>;
}

async function checkLevel(files: Files, level: number, hashes: readonly Buffer[]): Promise<void> {
  for (let index = 0; index * 256 < hashes.length; index += 1) {
    const part = hashes.slice(index * 256, index * 256 + 256);
    const bytes = await mainFile(files, { level, index, width: part.length });
    if (bytes === undefined) continue;
    const told = split(bytes);
    const wrong = part.findIndex((hash, i) => told[i]?.equals(hash) !== true);
    if (wrong >= 0)
      files.findings.fail(
        'tile-hash',
        `${pathOf({ level, index, width: part.length })}: hash ${wrong} is not the root of the tile below it`,
      );
  }
}

/** The file that counts, after every narrower one was compared with it. A full one may stand for a partial one. */
async function mainFile({ folder, findings, there }: Files, name: TileName): Promise<Buffer | undefined> {
  const found = [...(there.get(`${name.level}/${name.index}`) ?? [])].sort((a, b) => b.width - a.width);
  const main = found.find(({ width }) => width === name.width) ?? found.find(({ width }) => width > name.width);
  const bytes = main === undefined ? undefined : await folder.readTile(main);
  if (main === undefined || bytes === undefined) {
    findings.fail('missing-file', `${pathOf(name)} is not there`);
    return undefined;
  }
  if (!isWhole(main, bytes)) findings.fail('file-form', `${pathOf(main)} does not hold ${main.width} whole items`);
  for (const stale of found) {
    if (stale.width >= main.width) continue;
    const older = await folder.readTile(stale);
    if (older === undefined) continue;
    if (!isWhole(stale, older) || !bytes.subarray(0, older.length).equals(older))
      findings.fail('stale-file', `${pathOf(stale)} is not the beginning of ${pathOf(main)}`);
  }
  return bytes;
}

function isWhole({ level, width }: TileName, bytes: Buffer): boolean {
  return level === 'entries' ? readBundle(bytes)?.length === width : bytes.length === width * 32;
}

/** Full tiles at the beginning of which neither entries nor hashes are there. */
function prunedTiles(there: ReadonlyMap<string, readonly TileName[]>, full: number): number {
  let pruned = 0;
  while (pruned < full && !there.has(`0/${pruned}`) && !there.has(`entries/${pruned}`)) pruned += 1;
  return pruned;
}

/** The level above still knows the root of a tile that was removed. */
async function upperHash(folder: LogFolder, index: number, size: number): Promise<Buffer | undefined> {
  const upper = Math.floor(index / 256);
  const width = Math.min(256, Math.floor(size / 256) - upper * 256);
  const bytes =
    (await folder.readTile({ level: 1, index: upper, width: 256 })) ??
    (await folder.readTile({ level: 1, index: upper, width }));
  return bytes === undefined ? undefined : split(bytes)[index % 256];
}

/** A writer that is at work has files for its next checkpoint. Nothing vouches for them, and nothing was hidden by them. */
function checkBeyond(there: ReadonlyMap<string, readonly TileName[]>, size: number, findings: FindingList): void {
  for (const names of there.values())
    for (const name of names) {
      const hashes = name.level === 'entries' ? size : Math.floor(size / 256 ** name.level);
      if (name.index * 256 + name.width > hashes)
        findings.note(
          'beyond-checkpoint',
          `${pathOf(name)} reaches beyond the checkpoint of ${size} entries; it is not judged`,
        );
    }
}

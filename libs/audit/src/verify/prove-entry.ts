import { proofText, type Evidence } from './evidence.js';
import { openLogFolder } from './log-folder.js';
import { openNote } from './note.js';
import { createTileTree } from './tile-tree.js';
import { readBundle } from './tile-checks.js';

/** Takes one entry and its proof from a published folder. A text says why it cannot. */
export async function proveFromFolder(path: string, seq: number): Promise<Evidence | string> {
  const folder = openLogFolder(path);
  const note = (await folder.read('checkpoint'))?.toString('utf8') ?? '';
  const head = openNote(note, [])?.head;
  if (head === undefined) return `${path} has no checkpoint`;
  if (!(seq >= 0 && seq < head.size)) return `The log has the entries 0 to ${head.size - 1}; there is no ${seq}`;
  const index = Math.floor(seq / 256);
  const width = Math.min(256, head.size - index * 256);
  const bundle =
    (await folder.readTile({ level: 'entries', index, width: 256 })) ??
    (await folder.readTile({ level: 'entries', index, width }));
  const entry = bundle === undefined ? undefined : readBundle(bundle)?.[seq % 256];
  const proof = await createTileTree(folder, head.size).inclusionPath(seq, head.size);
  if (entry === undefined || proof === undefined) return `Entry ${seq} or its tiles are not there any more`;
  return { entry, proof: proofText(seq, proof, note) };
}

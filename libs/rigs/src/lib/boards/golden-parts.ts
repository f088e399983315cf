import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '@edge-blueprints/cameras';
import { createBoardDesign } from './board-design.js';
import { renderBoard } from './render-board.js';

/**
 * Writes golden parts for a station on the rig: boards of our own renderer whose verdict is known, two good ones and one of each
 * defect.
 * A plant puts pictures of its own kept parts here instead.
 */
export async function writeGoldenParts(folder: string, seed: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const design = createBoardDesign(seed);
  const side = Math.sqrt(design.template.length);
  const write = async (name: string, pixels: Uint8Array): Promise<string> => {
    const { bytes } = await encodePng({ width: side, height: side, format: 'gray8', pixels });
    await writeFile(join(folder, name), bytes);
    return name;
  };
  const template = await write('template.png', design.template);
  const parts = [];
  for (const [n, label] of (
    [undefined, undefined, 'open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole'] as const
  ).entries()) {
    const board = renderBoard(design, { seed: seed * 100 + n, ...(label ? { defects: [label, label] } : {}) });
    const labels = [...new Set(board.truth.map((defect) => defect.label))];
    const name = label ? `known-bad ${label}` : `known-good ${n + 1}`;
    if (label && labels.length === 0) continue;
    parts.push({
      name,
      image: await write(`part-${n}.png`, board.pixels),
      template,
      expected: label ? 'reject' : 'pass',
      labels,
    });
  }
  const note = `Rendered boards, design seed ${seed}. The truth is known because the renderer planted it.`;
  await writeFile(
    join(folder, 'golden.json'),
    `${JSON.stringify({ format: 'edge-golden/1', note, parts }, null, 2)}\n`,
  );
}

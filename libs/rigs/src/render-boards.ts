import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodePng } from '@edge-blueprints/cameras';
import type { Random } from '@edge-blueprints/contracts';
import { createRandom, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { BoardDesign } from './lib/boards/board-design.js';
import { createBoardDesign } from './lib/boards/board-design.js';
import type { DefectLabel } from './lib/boards/board-geometry.js';
import { boardSide, defectLabels } from './lib/boards/board-geometry.js';
import { photographTemplate, renderBoard } from './lib/boards/render-board.js';

const help = `Renders pairs of bare printed circuit boards in the layout of DeepPCB.

  render-boards --out DIR [--count 900] [--designs 120] [--seed 7] [--good-share 0.2] [--grey-share 0.3] [--like-line]

  --out DIR         images/<id>_test.png, images/<id>_temp.png and labels/<id>.txt (x1 y1 x2 y2 type; empty: a good board)
  --count N         pairs
  --designs N       products that the boards are of
  --seed N          same seed, same pictures
  --good-share S    share of boards without a defect, 0 to 1
  --grey-share S    share of grey pictures (soft, lit, noisy); the rest are binarised scans
  --like-line       boards as the demo's line carries them: 1 to 4 defects on a bad one, at most 2 pixels off, no grey
                    pictures, 70 % good unless told otherwise
`;

const optionsSchema = z.strictObject({
  out: z.string().min(1),
  count: z.coerce.number().int().min(1).max(1_000_000).default(900),
  designs: z.coerce.number().int().min(1).max(10_000).default(120),
  seed: z.coerce.number().int().min(0).default(7),
  'good-share': z.coerce.number().min(0).max(1).optional(),
  'grey-share': z.coerce.number().min(0).max(1).optional(),
  'like-line': z.boolean(),
});

/** How many boards are good, how many defects a bad one has, how far boards lie off, how many pictures are grey. */
function habits(options: z.infer<typeof optionsSchema>) {
  const line = options['like-line'];
  return {
    goodShare: options['good-share'] ?? (line ? 0.7 : 0.2),
    greyShare: options['grey-share'] ?? (line ? 0 : 0.3),
    defects: line ? { least: 1, most: 4 } : { least: 3, most: 9 },
    misregistration: (random: Random): number => (line ? 2 : random.next() < 0.6 ? 0 : 3),
  };
}

function defectsFor(random: Random, { goodShare, defects }: ReturnType<typeof habits>): DefectLabel[] {
  if (random.next() < goodShare) return [];
  return Array.from({ length: random.integer(defects.least, defects.most) }, () => random.pick(defectLabels));
}

function greyLook(random: Random): { noise: number; lighting: Parameters<typeof photographTemplate>[1] } {
  return {
    noise: 1.5 + random.next() * 9,
    lighting: {
      copperLevel: random.integer(15, 75),
      boardLevel: random.integer(180, 245),
      brightness: 0.85 + random.next() * 0.25,
      gradient: random.next() * 0.25,
      direction: random.next() * 2 * Math.PI,
    },
  };
}

async function store(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

async function png(pixels: Uint8Array): Promise<Uint8Array> {
  return (await encodePng({ width: boardSide, height: boardSide, format: 'gray8', pixels })).bytes;
}

async function main(): Promise<void> {
  const names = ['out', 'count', 'designs', 'seed', 'good-share', 'grey-share'] as const;
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      'like-line': { type: 'boolean', default: false },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' } as const])),
    },
  });
  const { help: wantsHelp, ...given } = values;
  if (wantsHelp === true) {
    process.stdout.write(help);
    return;
  }
  const options = parseConfig(optionsSchema, given, 'the command line of render-boards');
  await mkdir(join(options.out, 'images'), { recursive: true });
  await mkdir(join(options.out, 'labels'), { recursive: true });

  const habit = habits(options);
  const perClass: Record<string, number> = {};
  const randoms = createRandom(options.seed);
  let renderMs = 0;
  let designMs = 0;
  let good = 0;
  let design: BoardDesign | undefined;
  let designIndex = -1;
  for (let index = 0; index < options.count; index += 1) {
    const wantedDesign = Math.floor((index * options.designs) / options.count);
    if (!design || wantedDesign !== designIndex) {
      const from = performance.now();
      design = createBoardDesign(options.seed * 10_000 + wantedDesign);
      designIndex = wantedDesign;
      designMs += performance.now() - from;
    }
    const random = randoms.fork(`pair-${String(index)}`);
    const look = random.next() < habit.greyShare ? greyLook(random) : undefined;
    const from = performance.now();
    const board = renderBoard(design, {
      seed: options.seed * 1_000_003 + index,
      defects: defectsFor(random, habit),
      misregistration: habit.misregistration(random),
      ...look,
    });
    renderMs += performance.now() - from;
    // Half of the grey pairs keep a crisp template, as when a product is taught from artwork.
    const template = look && random.next() < 0.5 ? photographTemplate(design, look.lighting) : design.template;
    if (board.truth.length === 0) good += 1;
    for (const { label } of board.truth) perClass[label] = (perClass[label] ?? 0) + 1;
    const id = `9${String(options.seed % 100).padStart(2, '0')}${String(index).padStart(5, '0')}`;
    const lines = board.truth.map(
      ({ box, classIndex }) => `${[box.xMin, box.yMin, box.xMax, box.yMax, classIndex + 1].join(' ')}\n`,
    );
    await store(join(options.out, 'images', `${id}_test.png`), await png(board.pixels));
    await store(join(options.out, 'images', `${id}_temp.png`), await png(template));
    await store(join(options.out, 'labels', `${id}.txt`), lines.join(''));
  }
  const summary = {
    pairs: options.count,
    good,
    perClass,
    msPerDesign: Number((designMs / Math.min(options.designs, options.count)).toFixed(1)),
    msPerBoard: Number((renderMs / options.count).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});

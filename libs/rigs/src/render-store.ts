import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { storeCameraNames } from './lib/store/store-cameras.js';
import { storePictures } from './lib/store/store-pictures.js';

const help = `Labelled pictures of the demo's own store: its three cameras, its people, other days, as the model's input sees them.

  render-store --out DIR [--count 900] [--seed 1000] [--per-day 45] [--shake 1] [--camera NAME]

  --out DIR    images/000000.png and labels.jsonl, one line a picture, 416x240 with bars above and below
  --count N    pictures
  --seed N     of the first day; the demo's own seed is 7
  --per-day N  pictures of one day with its decoration and its hanging of the cameras
  --shake S    how far cameras hang from their place: S degrees and 2 S centimetres, standard deviation
  --camera NAME  only this one of entrance, aisles, tills
`;

const optionsSchema = z.strictObject({
  out: z.string().min(1),
  count: z.coerce.number().int().min(1).max(100_000).default(900),
  seed: z.coerce.number().int().min(0).max(1_000_000).default(1000),
  'per-day': z.coerce.number().int().min(1).max(10_000).default(45),
  shake: z.coerce.number().min(0).max(20).default(1),
  camera: z.enum(storeCameraNames).optional(),
});

async function store(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

async function main(): Promise<void> {
  const names = Object.keys(optionsSchema.shape);
  const { help: wantsHelp, ...given } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' } as const])),
    },
  }).values;
  if (wantsHelp === true) {
    process.stdout.write(help);
    return;
  }
  const options = parseConfig(optionsSchema, given, 'the command line of render-store');
  await mkdir(join(options.out, 'images'), { recursive: true });
  const lines: string[] = [];
  for await (const { label, png } of storePictures({ ...options, perDay: options['per-day'] })) {
    await store(join(options.out, label.image), png);
    lines.push(`${JSON.stringify(label)}\n`);
    if (lines.length % 250 === 0) process.stderr.write(`${lines.length} of ${options.count} pictures\n`);
  }
  await store(join(options.out, 'labels.jsonl'), lines.join(''));
  process.stdout.write(`${JSON.stringify({ pictures: lines.length, out: options.out })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});

import { rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createRandom, systemClock } from '@edge-blueprints/contracts';
import { createOnnxEngine, loadBundle, readTrustedKeys, verifyGolden } from '@edge-blueprints/inference';
import { createThresholdBook } from '../../decide/threshold-book.js';
import { anomalyTask } from '../../station/suitable-bundle.js';
import { readLabelledTiles } from './labelled-tiles.js';
import { parseTileOptions, tileHelp } from './options.js';
import { printTileFigures, tileFigures } from './tile-figures.js';
import { createTileJudge } from './tile-judge.js';
import type { JudgedTile } from './tile-judge.js';

const models = join(import.meta.dirname, '../../../../../models');
/** Of the bootstrap only. */
const bootstrapSeed = 1;

/** `npm run evaluate -- --tiles DIR`: a one-class bundle through the station's own path. @throws EdgeError */
export async function evaluateTiles(args: readonly string[]): Promise<void> {
  const options = parseTileOptions(args, models);
  if (options === 'help') return void process.stdout.write(`${tileHelp}\n`);
  const bundle = await loadBundle(options.bundle, {
    trustedKeys: await readTrustedKeys(options.trustedKeys),
    expectTask: anomalyTask,
    allowUnsigned: options.allowUnsigned,
  });
  const { manifest } = bundle;
  const variant = options.variant ?? manifest.variants[0]?.id ?? '';
  const tiles = await readLabelledTiles(options.tiles, options.split, options.part);
  const thresholds = createThresholdBook({
    labels: manifest.labels,
    bundle: manifest.thresholds,
    recipe: [],
    operator: [],
    regions: [],
  });
  const engine = createOnnxEngine({ threads: options.threads });
  try {
    const loaded = await engine.load(bundle.variant(variant));
    await engine.warmUp(2);
    const golden = await verifyGolden(engine, bundle, variant);
    const judgeTile = createTileJudge({ manifest, engine, thresholds, clock: systemClock });
    const judged: JudgedTile[] = [];
    for (const tile of tiles) {
      judged.push(await judgeTile(tile));
      if (judged.length % 25 === 0 || judged.length === tiles.length)
        process.stderr.write(`tiles: ${judged.length} of ${tiles.length}\n`);
    }
    const figures = tileFigures(judged, createRandom(bootstrapSeed));
    const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`;
    process.stdout.write(
      printTileFigures(figures, [
        `bundle   ${manifest.name} ${manifest.version}, variant ${loaded.variant} on ${loaded.provider}, model ${loaded.modelDigest.slice(0, 16)}`,
        `machine  ${machine}`,
        `golden   ${golden.length} outputs of the bundle's golden vectors within tolerance`,
        `data     ${options.part} part of the split: ${judged.length} pictures; verdict threshold ${thresholds.view()[0]?.threshold ?? '-'}`,
      ]),
    );
    if (options.json === undefined) return;
    const { part } = options;
    const scores = judged.map(({ image, kind, group, score, rejected }) => ({ image, kind, group, score, rejected }));
    const report = {
      bundle: manifest.name,
      version: manifest.version,
      variant,
      modelDigest: loaded.modelDigest,
      machine,
    };
    await writeFile(`${options.json}.next`, `${JSON.stringify({ ...report, part, ...figures, scores }, null, 2)}\n`);
    await rename(`${options.json}.next`, options.json);
  } finally {
    await engine.dispose();
  }
}

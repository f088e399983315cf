import { loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import { writeFileSync } from 'node:fs';
import { createThresholdBook } from '../decide/threshold-book.js';
import { readLabelledPairs } from '../evaluate/labelled-pairs.js';
import { openVariant } from '../evaluate/variant-run.js';
import { partFeatures } from './part-features.js';
const bundle = await loadBundle('models/bundles/pcb-defects-rendered', {
  trustedKeys: await readTrustedKeys('models/bundles/trusted-keys.json'),
});
const { manifest } = bundle;
const thresholds = createThresholdBook({
  labels: manifest.labels,
  bundle: manifest.thresholds,
  recipe: [],
  operator: [],
  regions: [],
});
const rows: unknown[] = [];
const run = await openVariant(bundle, 'int8-640', thresholds, 1, ({ test, template, judgement }) => {
  const f = partFeatures(test, template, judgement.detections, { outputs: judgement.outputs, output: 'scores' });
  rows.push({ ...f.scalars, e: [...(f.embedding ?? [])] });
});
for (const pair of await readLabelledPairs(process.argv[2]!, Number(process.argv[3]))) await run.judge(pair);
writeFileSync(process.argv[4]!, JSON.stringify(rows));
await run.dispose();

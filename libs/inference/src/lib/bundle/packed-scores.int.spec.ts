import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeEngine } from '@edge-blueprints/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256Hex } from './bundle-files.js';
import { loadBundle } from './load-bundle.js';
import { packBundle, type PackOptions } from './pack-bundle.js';
import { sampleCompute, signingKey, trustedKeys } from './testing/sample-bundle.js';
import { sampleSpec, writeSampleWorkshop } from './testing/sample-workshop.js';

let folder: string;
let options: PackOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-scores-'));
  const { from, spec } = await writeSampleWorkshop(folder);
  const createEngine = () => createFakeEngine({ compute: sampleCompute });
  options = { from, spec, out: join(folder, 'out'), privateKey: signingKey, createEngine };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeScores(sha256: string): Promise<void> {
  const classes = sampleSpec.labels.map((label) => ({ label, defects: 1, detections: [[0.5, 1]] }));
  const model = { file: 'int8.onnx', sha256 };
  const goodBoards = [sampleSpec.labels.map(() => 0.01)];
  const scores = { format: 'edge-validation-scores/1', model, source: 'held out', pictures: 2, classes, goodBoards };
  await writeFile(join(options.from, 'validation-scores.json'), JSON.stringify(scores));
}

it('packs held-out scores with the model that gave them, under digest and signature', async () => {
  await writeScores(sha256Hex(await readFile(join(options.from, 'int8.onnx'))));
  await packBundle(options);
  const bundle = await loadBundle(options.out, { trustedKeys });
  expect(bundle.validationScores).toMatchObject({ pictures: 2, source: 'held out' });
  await writeFile(join(options.out, 'validation-scores.json'), '{}');
  await expect(loadBundle(options.out, { trustedKeys })).rejects.toMatchObject({ code: 'bundle.truncated' });
});

it('refuses to pack held-out scores of another model', async () => {
  await writeScores('0'.repeat(64));
  await expect(packBundle(options)).rejects.toMatchObject({ code: 'bundle.validation-scores' });
});

it('packs a bundle without them, which says that it has none', async () => {
  const { bundle } = await packBundle(options);
  expect(bundle.validationScores).toBeNull();
});

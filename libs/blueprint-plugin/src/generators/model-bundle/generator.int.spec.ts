import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTree } from '@nx/devkit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkModel } from '../../lib/bundles/check-model.js';
import { missingForConversion } from '../../lib/bundles/compile-bundle.js';
import { poseModel } from '../../testing/pose-model.js';
import { repositorySource } from '../../testing/repository-source.js';
import { modelBundleGenerator } from './generator.js';

const { root, catalog } = repositorySource();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-bundle-spec-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'pose.onnx'), Buffer.from(poseModel, 'base64'));
  const keypoints = Array.from({ length: 16 }, (_, i) => `point-${i}`);
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ keypoints, scale: 0.004, mean: [], std: [] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = () => ({
  ...{
    model: join(folder, 'pose.onnx'),
    out: 'bundles/pose',
    key: join(folder, 'key.pem'),
    target: ['jetson-orin-nx'],
  },
  ...{
    settings: join(folder, 'settings.json'),
    threshold: 0.4,
    licence: 'MIT',
    origin: 'a spec',
    trainedOn: 'nothing',
  },
});

describe('the generator model-bundle', () => {
  it('wraps a model for its targets, once; a change makes the next revision', async () => {
    const tree = createTree();
    await modelBundleGenerator(tree, options(), root, catalog);
    const manifest = () => JSON.parse(tree.read('bundles/pose/bundle.json', 'utf8') ?? 'null');
    expect(manifest()).toMatchObject({ name: 'pose', revision: 1, lineage: { wrapped: { source: 'a spec' } } });
    expect(tree.read('bundles/pose/model.onnx')?.toString('base64')).toBe(poseModel);
    const first = tree.read('bundles/pose/bundle.sig.json', 'utf8');
    await modelBundleGenerator(tree, options(), root, catalog);
    expect(tree.read('bundles/pose/bundle.sig.json', 'utf8')).toBe(first);
    await modelBundleGenerator(tree, { ...options(), threshold: 0.5 }, root, catalog);
    expect(manifest().revision).toBe(2);
  });

  it('refuses targets that lack an operator, unknown names and missing options, all at once', async () => {
    const tree = createTree();
    const { key: _key, ...unsigned } = options();
    const wrong = modelBundleGenerator(tree, { ...unsigned, target: ['hailo-8l', 'cpus'] }, root, catalog);
    await expect(wrong).rejects.toThrow(
      /3 problem.*\n.*did you mean "cpu"[^]*stations load signed bundles only[^]*hailo-8l cannot run pose\.onnx\. .*SpaceToDepth/,
    );
    const both = modelBundleGenerator(tree, { ...options(), convert: 'pcb-defect' }, root, catalog);
    await expect(both).rejects.toThrow(/either --model[^]*did you mean "pcb-defects"/);
    await expect(modelBundleGenerator(tree, { convert: 'pcb-defects' }, root, catalog)).rejects.toThrow(
      /give --target/,
    );
    expect(tree.exists('bundles')).toBe(false);
  });

  it('converts by the route that takes the model, not by the first of the target, and by the one that is asked for', () => {
    const routes = (input: object): readonly string[] => {
      const choice = checkModel({ convert: 'person-pose', ...input }, catalog, (path) => path);
      return choice.kind === 'convert' ? choice.conversions.map(({ target, route }) => `${target} ${route.id}`) : [];
    };
    expect(routes({ target: ['ryzen-ai', 'cpu'] })).toEqual(['ryzen-ai directml', 'cpu onnxruntime']);
    expect(routes({ target: ['cpu'], route: 'openvino' })).toEqual(['cpu openvino']);
    expect(() => routes({ target: ['ryzen-ai'], route: 'vitisai' })).toThrow(
      /ryzen-ai cannot run person-pose\. vitisai: /,
    );
    expect(() =>
      routes({ target: ['cpu', 'ryzen-ai'], route: 'openvin', calibration: 'nowhere.npy', makeCalibration: true }),
    ).toThrow(/5 problem[^]*is of one target[^]*either a file or[^]*no file nowhere\.npy[^]*did you mean "openvino"/);
    expect(() => checkModel({ ...options(), route: 'openvino', report: false }, catalog, (path) => path)).toThrow(
      /2 problem[^]*route: belongs to --convert[^]*report: belongs to --convert/,
    );
  });

  it('says at once what a conversion lacks: Python, compilers, pictures', () => {
    const choice = checkModel({ convert: 'pcb-defects', target: ['cpu', 'coral-dev-board'] }, catalog, (path) => path);
    const conversions = choice.kind === 'convert' ? choice.conversions : [];
    expect(missingForConversion(folder, conversions, {})).toEqual([
      expect.stringMatching(/models:setup once, or name an interpreter in EDGE_PYTHON/),
      expect.stringMatching(/--compiler onnxruntime once/),
      expect.stringMatching(/--compiler tflite once/),
      expect.stringMatching(
        /coral-dev-board edgetpu needs 1024 pictures[^]*--calibration=FILE\.npy, or --makeCalibration/,
      ),
    ]);
  });
});

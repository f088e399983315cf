import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTree } from '@nx/devkit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkModel } from '../../lib/bundles/check-model.js';
import { missingForConversion } from '../../lib/bundles/compile-bundle.js';
import { repositorySource } from '../../testing/repository-source.js';
import { modelBundleGenerator } from './generator.js';

const { root, catalog } = repositorySource();
const bundle = 'pcb-defects-rendered';
const limitMs = 400_000;
const reportSchema = z.object({
  ...{ target: z.string(), route: z.string(), model: z.string(), state: z.string() },
  artefacts: z.array(z.object({ file: z.string(), sha256: z.string() })),
  facts: z.object({ ranOn: z.array(z.string()), operators: z.record(z.string(), z.number()).optional() }),
  parity: z.object({
    ...{ passed: z.boolean(), inputs: z.number() },
    verdicts: z.object({ same: z.number(), flipped: z.number() }),
  }),
});

const wanted = [
  { target: ['cpu'], route: 'openvino' },
  { target: ['coral-dev-board'], route: 'edgetpu', makeCalibration: true },
].flatMap((options) => {
  const choice = checkModel({ convert: bundle, ...options }, catalog, (path) => path);
  return choice.kind === 'convert' ? choice.conversions : [];
});
const missing = missingForConversion(root, wanted, process.env);

if (missing.length > 0) {
  it('compiles a bundle where the workshop and its compilers are installed', (context) => {
    if (process.env['CI'] === 'true') throw new RangeError(missing.join('\n'));
    context.skip(missing.join('; '));
  });
} else {
  describe('the generator model-bundle with the real compilers', () => {
    let folder: string;
    const before = reports();
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'model-bundle-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const convert = async (options: Parameters<typeof modelBundleGenerator>[1]) => {
      const tree = createTree();
      const untouched = tree.listChanges().length;
      const out = join(folder, 'out');
      const input = { convert: bundle, out, report: false, ...options };
      const done = await modelBundleGenerator(tree, input, root, catalog);
      await done();
      expect(tree.listChanges()).toHaveLength(untouched);
      const made = join(out, options.target?.[0] ?? '', options.route ?? '');
      const report = reportSchema.parse(JSON.parse(readFileSync(join(made, 'report.json'), 'utf8')));
      for (const { file, sha256 } of report.artefacts)
        expect(
          createHash('sha256')
            .update(readFileSync(join(made, file)))
            .digest('hex'),
        ).toBe(sha256);
      expect(reports()).toEqual(before);
      return { made, report };
    };

    it(
      'makes OpenVINO IR for a processor, which computes what the bundle does',
      async () => {
        const { report } = await convert({ target: ['cpu'], route: 'openvino' });
        expect(report).toMatchObject({ target: 'cpu', route: 'openvino', model: bundle, state: 'compiled' });
        expect(report.artefacts.map(({ file }) => file)).toEqual(['model.xml', 'model.bin']);
        expect(report.facts.ranOn).toEqual(['CPU']);
        expect(report.parity).toMatchObject({ passed: true, inputs: 3, verdicts: { same: 3, flipped: 0 } });
      },
      limitMs,
    );

    it('makes no TFLite file from pictures that are none, and says that it failed', async () => {
      const file = join(folder, 'constant.npy');
      python('import sys, numpy; numpy.save(sys.argv[1], numpy.zeros((8, 2, 640, 640), "uint8"))', file);
      const failed = convert({ target: ['coral-dev-board'], calibration: file });
      await expect(failed).rejects.toMatchObject({
        code: 'model-bundle.compile',
        message: expect.stringMatching(/--target coral-dev-board --route edgetpu .*ended with 2/) as unknown,
      });
      expect(existsSync(join(folder, 'out/coral-dev-board/edgetpu/model.tflite'))).toBe(false);
    }, 60_000);

    it(
      'makes a TFLite file with every tensor in INT8, calibrated on pictures of boards',
      async () => {
        const [boards, file] = [join(folder, 'boards'), join(folder, 'boards.npy')];
        const render = ['tools/run.mjs', 'libs/rigs/src/render-boards.ts', '--count', '64', '--designs', '8'];
        run(process.execPath, [...render, '--seed', '11', '--out', boards]);
        python(shiftedBoards, boards, file);
        const { made, report } = await convert({ target: ['coral-dev-board'], route: 'edgetpu', calibration: file });
        expect(report).toMatchObject({ route: 'edgetpu', model: bundle, state: 'compiled' });
        expect(report.artefacts.map(({ file: name }) => name)).toEqual(['model.tflite']);
        expect(existsSync(join(made, 'tail.onnx'))).toBe(true);
        expect(Object.keys(report.facts.operators ?? {})).not.toContain('DEQUANTIZE');
        expect(report.parity).toMatchObject({ passed: true, inputs: 27, verdicts: { same: 27, flipped: 0 } });
      },
      limitMs,
    );
  });
}

/** 64 boards at 16 offsets are the 1,024 distinct pictures that a compiler wants at least. */
const shiftedBoards = `
import pathlib, sys
import numpy
from workshop.data.pairs import read_pairs
from workshop.data.records import load_records
images = load_records(read_pairs(pathlib.Path(sys.argv[1]), 6), 640, 640).images
numpy.save(sys.argv[2], numpy.concatenate([numpy.roll(images, (37 * i, 53 * i), (2, 3)) for i in range(16)]))
`;

/** What `report: true` would add to. */
function reports(): readonly string[] {
  return ['cpu', 'coral-dev-board'].flatMap((target) =>
    readdirSync(join(root, 'blueprints/targets', target, 'reports')),
  );
}

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, PYTHONPATH: join(root, 'models') };
  const { status, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new RangeError(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
}

function python(script: string, ...args: readonly string[]): void {
  run(process.env['EDGE_PYTHON'] ?? join(root, 'models/.venv/bin/python'), ['-c', script, ...args]);
}

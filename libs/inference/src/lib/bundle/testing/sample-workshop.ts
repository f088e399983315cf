import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensors } from '@edge-blueprints/contracts';
import { bytesOf } from '../../tensor-bytes.js';
import { sha256Hex } from '../bundle-files.js';
import { sampleBundle, sampleCompute, sampleMetrics, sampleTemplate } from './sample-bundle.js';

type Compute = (inputs: Tensors) => Tensors;

const { manifest, files } = sampleBundle();
const { name, task, labels, licence, lineage, variants, preprocess, postprocess } = manifest;
const tolerance = manifest.goldenVectors[0]?.tolerance;
const agreement = { absolute: 1e-3, relative: 0, outlierShare: 0, mean: 1e-4 };
const allowed = { scores: agreement, boxes: agreement };

/** bundle.spec.json of the sample. */
export const sampleSpec = {
  ...{ name, version: '1.0', task, labels, licence, lineage, variants, preprocess, postprocess },
  thresholds: { default: 0.4, provenance: 'default' },
  golden: {
    folder: 'golden',
    limit: 2,
    step: { boxes: 0.001 },
    tolerance: { int8: tolerance, fp32: tolerance },
    agreement: {
      reference: 'pytorch',
      tolerance: {
        int8: { toReference: allowed, toStation: allowed },
        fp32: { toReference: allowed, toStation: allowed },
      },
    },
  },
  expectedLatencyMs: {},
  metrics: 'metrics.json',
  cardTemplate: 'card.template.md',
};

/** What the workshop leaves behind: model files, golden inputs with the outputs of every path, metrics, spec and template. */
export async function writeSampleWorkshop(
  folder: string,
  changes: { readonly spec?: object; readonly compute?: Readonly<Record<string, Compute>> } = {},
): Promise<{ readonly from: string; readonly spec: string }> {
  const from = join(folder, 'from');
  const golden = join(from, 'golden');
  await mkdir(golden, { recursive: true });
  for (const file of ['int8.onnx', 'fp32.onnx']) await writeFile(join(from, file), files.get(file) ?? '');
  const vectors: Record<string, string> = {};
  for (const n of [0, 1, 2]) {
    const input = new Uint8Array(512).fill(40 * n + 20);
    vectors[n] = sha256Hex(input);
    await writeFile(join(golden, `${n}.bin`), input);
    for (const path of ['pytorch', 'fp32', 'int8']) {
      const compute = changes.compute?.[path] ?? sampleCompute;
      const outputs = compute({ images: { dtype: 'uint8', dims: [1, 2, 16, 16], data: input } });
      for (const [output, { data }] of Object.entries(outputs))
        await writeFile(join(golden, `${n}.${path}.${output}.f32`), bytesOf(data));
    }
  }
  const digest = (file: string) => sha256Hex(files.get(file) ?? new Uint8Array());
  const paths = {
    pytorch: { sha256: '0'.repeat(64), made: 'torch' },
    fp32: { sha256: digest('fp32.onnx'), made: 'onnxruntime' },
    int8: { sha256: digest('int8.onnx'), made: 'onnxruntime' },
  };
  await writeFile(join(golden, 'outputs.json'), JSON.stringify({ format: 'golden-outputs/1', vectors, paths }));
  const models = Object.fromEntries(
    Object.entries(sampleMetrics.models).map(([stem, entry]) => [stem, { ...entry, sha256: digest(`${stem}.onnx`) }]),
  );
  await writeFile(join(from, 'metrics.json'), JSON.stringify({ ...sampleMetrics, models }));
  const spec = join(folder, 'bundle.spec.json');
  await writeFile(spec, JSON.stringify({ ...sampleSpec, ...changes.spec }));
  await writeFile(join(folder, 'card.template.md'), sampleTemplate);
  return { from, spec };
}

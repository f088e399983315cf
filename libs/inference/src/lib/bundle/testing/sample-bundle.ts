import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom, type Tensors } from '@edge-blueprints/contracts';
import { signManifest, type TrustedKey } from '../bundle-signature.js';
import { encodeGoldenTensor } from '../golden-tensor.js';
import type { BundleManifest } from '../manifest.js';
import { publicKeyOf } from '../signing-key.js';

export const signingKey = generateKeyPairSync('ed25519').privateKey;
export const trustedKeys: readonly TrustedKey[] = [publicKeyOf(signingKey)];
export const otherKey = generateKeyPairSync('ed25519').privateKey;

/** The sample model: scores are the means of quarters of plane 0, boxes constant; enough to be checked by golden vectors. */
export function sampleCompute(inputs: Tensors): Tensors {
  const plane = inputs['images']?.data ?? new Uint8Array(512);
  const scores = new Float32Array(8);
  for (let i = 0; i < 256; i++) {
    const cell = (i >> 7) * 2 + ((i >> 3) & 1);
    scores[cell] = (scores[cell] ?? 0) + Number(plane[i]) / 64 / 255;
  }
  for (let i = 0; i < 4; i++) scores[4 + i] = 1 - (scores[i] ?? 0);
  return {
    scores: { dtype: 'float32', dims: [1, 2, 2, 2], data: scores },
    boxes: { dtype: 'float32', dims: [1, 4, 2, 2], data: new Float32Array(16).fill(5) },
  };
}

/** Every figure that the card of a detector must show. */
export const sampleMetrics = {
  map: 0.98,
  thresholds: { per_class: { open: 0.3, short: 0.35 }, provenance: 'held-out' },
  models: Object.fromEntries(['int8', 'fp32'].map((stem) => [stem, { sha256: '', test: sampleTest() }])),
  station: {
    command: 'npm run evaluate',
    map: '97.1 %',
    at_verdict_thresholds: { recall: '9 of 10' },
    false_rejects: { 'good boards': '0 of 3' },
  },
  machine: { cpu: 'x86_64', cores: 2, onnxruntime: '1.22.1' },
};

function sampleTest() {
  return {
    map: 0.97,
    ap: { open: 0.96, short: 0.98 },
    best_single_threshold: { f: 0.95 },
    at_verdict_thresholds: { precision: 0.99, recall: 0.9 },
  };
}

/** A card template with every required place. */
export const sampleTemplate = `# {{name}} {{version}}, revision {{revision}}

{{licence.spdx}}: {{licence.note}}

{{lineage.data}} by {{lineage.command}}, seed {{lineage.seed}}

{{lineage.inputs}}

{{variants}}

{{thresholds}}

{{agreement}}

{{metrics}}
`;

/** A licence record that allows everything. */
export const sampleInputs: NonNullable<BundleManifest['lineage']['inputs']> = [
  {
    name: 'rendered boards',
    kind: 'data',
    licence: 'Apache-2.0',
    redistribution: 'allowed',
    source: 'made up',
    citation: 'none',
  },
  {
    name: 'network',
    kind: 'code',
    licence: 'Apache-2.0',
    redistribution: 'allowed',
    source: 'made up',
    citation: 'none',
  },
];

export interface SampleBundle {
  readonly manifest: BundleManifest;
  readonly files: Map<string, Uint8Array>;
}

const sampleTensors = {
  inputs: [{ name: 'images', dtype: 'uint8' as const, dims: [1, 2, 16, 16] }],
  outputs: [
    { name: 'scores', dtype: 'float32' as const, dims: [1, 2, 2, 2] },
    { name: 'boxes', dtype: 'float32' as const, dims: [1, 4, 2, 2] },
  ],
};

/** A whole, consistent bundle of two variants in memory. */
export function sampleBundle(): SampleBundle {
  const random = createRandom(5);
  const input = Uint8Array.from({ length: 512 }, () => random.integer(0, 255));
  const outputs = sampleCompute({ images: { dtype: 'uint8', dims: [1, 2, 16, 16], data: input } });
  const files = new Map<string, Uint8Array>([
    ['int8.onnx', Uint8Array.from({ length: 64 }, () => random.integer(0, 255))],
    ['fp32.onnx', Uint8Array.from({ length: 96 }, () => random.integer(0, 255))],
    ['card.md', Buffer.from('# card\n')],
    ['golden/one.images.gz', encodeGoldenTensor(input)],
    ...Object.entries(outputs).map(([name, { data }]) => [`golden/one.${name}.gz`, encodeGoldenTensor(data)] as const),
  ]);
  const gzip = (file: string) => ({ file, encoding: 'gzip' as const });
  const tolerance = { absolute: 1e-4, relative: 0, outlierShare: 0 };
  const golden = (variant: string) => ({
    name: 'one',
    variant,
    inputs: { images: gzip('golden/one.images.gz') },
    outputs: { scores: gzip('golden/one.scores.gz'), boxes: gzip('golden/one.boxes.gz') },
    tolerance: { scores: tolerance, boxes: tolerance },
  });
  const variant = (id: string, precision: 'int8' | 'fp32') => ({
    id,
    precision,
    file: `${precision}.onnx`,
    width: 16,
    height: 16,
    ...sampleTensors,
  });
  return {
    files,
    manifest: {
      format: 'edge-bundle/1',
      name: 'sample',
      version: '1.0.3',
      revision: 3,
      task: 'object-detection',
      labels: ['open', 'short'],
      licence: { spdx: 'Apache-2.0', note: 'made up' },
      lineage: { data: ['none'], inputs: sampleInputs, command: 'none', seed: 1 },
      files: {},
      variants: [variant('int8-16', 'int8'), variant('fp32-16', 'fp32')],
      preprocess: { kind: 'test-and-template', input: 'images', luma: 'bt601' },
      postprocess: {
        decoder: 'centre-ltrb',
        stride: 8,
        scoreFloor: 0.1,
        topK: 10,
        nmsIou: 0.5,
        scores: 'scores',
        boxes: 'boxes',
      },
      thresholds: ['open', 'short'].map((label) => ({ label, threshold: 0.5, provenance: 'made up' })),
      goldenVectors: [golden('int8-16'), golden('fp32-16')],
      expectedLatencyMs: { 'int8-16': { p50: 1, machine: 'none' } },
      card: 'card.md',
      metrics: { map: 0.9 },
    },
  };
}

/** Lists the files as they are now. */
export function listed({ manifest, files }: SampleBundle): BundleManifest {
  const entries = [...files].map(([file, bytes]) => [
    file,
    { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length },
  ]);
  return { ...manifest, files: Object.fromEntries(entries) };
}

/** Writes a signed bundle into a fresh folder. `content` stands in for a manifest that the types would not allow. */
export async function writeBundle(
  bundle: SampleBundle,
  key: KeyObject = signingKey,
  content: unknown = listed(bundle),
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-bundle-'));
  folders.push(folder);
  const manifest = Buffer.from(JSON.stringify(content, null, 2));
  const all = new Map(bundle.files)
    .set('bundle.json', manifest)
    .set('bundle.sig.json', Buffer.from(signManifest(manifest, key)));
  for (const [file, bytes] of all) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
  return folder;
}

const folders: string[] = [];

export async function removeBundles(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

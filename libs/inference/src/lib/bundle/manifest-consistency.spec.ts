import { describe, expect, it } from 'vitest';
import { checkConsistency } from './manifest-consistency.js';
import type { BundleManifest } from './manifest.js';
import { listed, sampleBundle } from './testing/sample-bundle.js';

const good = listed(sampleBundle());
const first = good.variants[0]!;
const withFirst = (change: Partial<typeof first>): BundleManifest => ({
  ...good,
  variants: [{ ...first, ...change }, ...good.variants.slice(1)],
});
const yolo = { decoder: 'yolo-v8' as const, scoreFloor: 0.1, topK: 10, nmsIou: 0.5 };

describe('checkConsistency', () => {
  it('accepts the sample', () => {
    expect(checkConsistency(good)).toEqual([]);
  });

  it.each<[string, BundleManifest, string]>([
    ['a label twice', { ...good, labels: ['open', 'open'] }, 'label "open" appears twice'],
    ['a label without threshold', { ...good, labels: ['open', 'short', 'spur'] }, 'label "spur" has no threshold'],
    [
      'a threshold of an unknown label',
      { ...good, thresholds: [...good.thresholds, { label: 'spur', threshold: 0.5, provenance: 'x' }] },
      'unknown label "spur"',
    ],
    [
      'a threshold below the floor',
      { ...good, thresholds: good.thresholds.map((t) => ({ ...t, threshold: 0.05 })) },
      'below the score floor 0.1',
    ],
    ['two variants of one name', { ...good, variants: [first, first] }, 'variant "int8-16" appears twice'],
    [
      'file names that differ in case only',
      { ...good, files: { ...good.files, 'CARD.md': good.files['card.md']! } },
      'file "card.md" appears twice',
    ],
    ['a model that is not listed', withFirst({ file: 'other.onnx' }), 'other.onnx is used but not listed'],
    ['an input of another size', withFirst({ width: 32 }), 'tensor "images" is [1, 2, 16, 16], want [1, 2, 16, 32]'],
    [
      'an input of another type',
      withFirst({ inputs: [{ ...first.inputs[0]!, dtype: 'float32' }] }),
      'tensor "images" is float32, want uint8',
    ],
    [
      'score channels that are not the labels',
      { ...good, labels: ['open'], thresholds: good.thresholds.slice(0, 1) },
      'tensor "scores" is [1, 2, 2, 2], want [1, 1, 2, 2]',
    ],
    ['a missing box output', withFirst({ outputs: first.outputs.slice(0, 1) }), 'tensor "boxes" is missing'],
    [
      'an output name that nobody has',
      { ...good, postprocess: { ...yolo, output: 'output0' } },
      'tensor "output0" is missing, want [1, 6, -1]',
    ],
    ['no output name with two outputs', { ...good, postprocess: yolo }, 'needs output "the only one"'],
    [
      'a golden vector of no variant',
      { ...good, goldenVectors: good.goldenVectors.map((v) => ({ ...v, variant: 'x' })) },
      'names an unknown variant',
    ],
    [
      'a variant without golden vector',
      { ...good, goldenVectors: good.goldenVectors.slice(1) },
      'variant int8-16 has no golden vector',
    ],
    [
      'a golden vector without an output',
      { ...good, goldenVectors: good.goldenVectors.map((v) => ({ ...v, outputs: { scores: v.outputs['scores']! } })) },
      'has outputs scores',
    ],
    [
      'a golden vector without a tolerance',
      { ...good, goldenVectors: good.goldenVectors.map((v) => ({ ...v, tolerance: {} })) },
      'has tolerances',
    ],
    [
      'a latency of no variant',
      { ...good, expectedLatencyMs: { x: { p50: 1, machine: 'none' } } },
      'unknown variant "x"',
    ],
  ])('refuses %s', (_, manifest, message) => {
    expect(
      checkConsistency(manifest)
        .map((problem) => problem.message)
        .join('\n'),
    ).toContain(message);
  });

  describe('of people', () => {
    const picture = {
      input: 'images',
      layout: 'nchw',
      channels: 'rgb',
      padValue: 0,
      scale: 1,
      mean: [],
      std: [],
    } as const;
    const inputs = [{ name: 'images', dtype: 'float32' as const, dims: [1, 3, 16, 16] }];
    const poseOutputs = [{ name: 'output0', dtype: 'float32' as const, dims: [1, 4 + 1 + 6, 20] }];
    const people = {
      ...good,
      task: 'person-pose',
      labels: ['person'],
      thresholds: [{ label: 'person', threshold: 0.5, provenance: 'made up' }],
      keypoints: ['head', 'foot'],
      preprocess: { kind: 'letterbox' as const, ...picture, mean: [], std: [] },
      postprocess: { ...yolo, decoder: 'yolo-v8-pose' as const, output: 'output0', transposed: false },
      variants: good.variants.map((variant) => ({ ...variant, inputs, outputs: poseOutputs })),
    } satisfies BundleManifest;
    const { keypoints: _none, ...unnamed } = people;
    const messages = (manifest: BundleManifest): string =>
      checkConsistency(manifest)
        .map(({ message }) => message)
        .filter((message) => !message.startsWith('golden vector'))
        .join('\n');

    it.each<[string, BundleManifest, string]>([
      ['nothing', people, ''],
      ['keypoints without names', unnamed, 'decoder yolo-v8-pose gives keypoints, the bundle does not name them'],
      ['one name too many', { ...people, keypoints: ['head', 'hip', 'foot'] }, 'is [1, 11, 20], want [1, 14, -1]'],
      ['a name twice', { ...people, keypoints: ['head', 'head'] }, 'keypoint "head" appears twice'],
      ['names for a decoder without', { ...people, postprocess: yolo }, 'decoder yolo-v8 gives none'],
      ['people under another name', { ...people, labels: ['human'] }, 'task person-pose needs the label "person"'],
      [
        'a crop for a whole picture',
        { ...people, preprocess: { ...picture, kind: 'person-crop', mean: [], std: [], margin: 1 } },
        'belong together',
      ],
      [
        'a wrapped file that was changed',
        { ...people, lineage: { ...people.lineage, wrapped: { file: 'x.onnx', sha256: '0'.repeat(64), source: 'x' } } },
        'fp32.onnx is not the file that lineage.wrapped names',
      ],
    ])('finds %s', (what, manifest, message) => {
      expect(messages(manifest)).toContain(message);
      if (what === 'nothing') expect(messages(manifest)).toBe('');
    });
  });

  it('checks the layout of a letterboxed colour image', () => {
    const preprocess = {
      kind: 'letterbox',
      input: 'images',
      layout: 'nhwc',
      channels: 'rgb',
      padValue: 114,
      scale: 1,
      mean: [],
      std: [],
    } as const;
    const manifest = { ...good, preprocess: { ...preprocess, mean: [], std: [] } };
    expect(checkConsistency(manifest).map((problem) => problem.message)[0]).toContain('want [1, 16, 16, 3]');
  });
});

import type { BundleProblem } from './bundle-problems.js';
import { licenceProblems } from './licence-record.js';
import type { BundleManifest, BundleVariant } from './manifest.js';

/** What a schema cannot say: that the parts of a manifest fit each other. Lists every problem. */
export function checkConsistency(manifest: BundleManifest): readonly BundleProblem[] {
  return [
    ...uniqueNames(manifest),
    ...thresholdProblems(manifest),
    ...fileReferences(manifest),
    ...manifest.variants.flatMap((variant) => variantShapes(manifest, variant)),
    ...goldenProblems(manifest),
    ...licenceProblems(manifest),
    ...Object.keys(manifest.expectedLatencyMs)
      .filter((id) => !manifest.variants.some((variant) => variant.id === id))
      .map((id) => inconsistent(`expectedLatencyMs names the unknown variant "${id}"`)),
  ];
}

const inconsistent = (message: string): BundleProblem => ({ code: 'bundle.inconsistent', message });
const shape = (message: string): BundleProblem => ({ code: 'bundle.shape-mismatch', message });

function duplicates(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

function uniqueNames(manifest: BundleManifest): readonly BundleProblem[] {
  const sets: readonly (readonly [string, readonly string[]])[] = [
    ['label', manifest.labels],
    ['variant', manifest.variants.map((variant) => variant.id)],
    ['golden vector', manifest.goldenVectors.map((vector) => `${vector.variant}/${vector.name}`)],
    // Two names that differ in case are one file on some file systems.
    ['file', Object.keys(manifest.files).map((file) => file.toLowerCase())],
  ];
  return sets.flatMap(([what, names]) =>
    duplicates(names).map((name) => inconsistent(`${what} "${name}" appears twice`)),
  );
}

function thresholdProblems(manifest: BundleManifest): readonly BundleProblem[] {
  const named = manifest.thresholds.map((entry) => entry.label);
  const floor = manifest.postprocess.scoreFloor;
  return [
    ...duplicates(named).map((label) => inconsistent(`threshold for "${label}" appears twice`)),
    ...manifest.labels
      .filter((label) => !named.includes(label))
      .map((label) => inconsistent(`label "${label}" has no threshold`)),
    ...named
      .filter((label) => !manifest.labels.includes(label))
      .map((label) => inconsistent(`threshold names the unknown label "${label}"`)),
    ...manifest.thresholds
      .filter((entry) => entry.threshold < floor)
      .map((entry) =>
        inconsistent(`threshold ${entry.threshold} of "${entry.label}" is below the score floor ${floor}`),
      ),
  ];
}

function fileReferences(manifest: BundleManifest): readonly BundleProblem[] {
  const used = [
    manifest.card,
    ...(manifest.cardTemplate === undefined ? [] : [manifest.cardTemplate]),
    ...(manifest.validationScores === undefined ? [] : [manifest.validationScores]),
    ...(manifest.driftReference === undefined ? [] : [manifest.driftReference]),
    ...manifest.variants.map((variant) => variant.file),
    ...manifest.goldenVectors.flatMap((vector) =>
      [...Object.values(vector.inputs), ...Object.values(vector.outputs)].map((tensor) => tensor.file),
    ),
  ];
  return [...new Set(used)]
    .filter((file) => !Object.hasOwn(manifest.files, file))
    .map((file) => inconsistent(`${file} is used but not listed in files`));
}

function variantShapes(manifest: BundleManifest, variant: BundleVariant): readonly BundleProblem[] {
  const problems: BundleProblem[] = [];
  const { preprocess, postprocess } = manifest;
  const want = (name: string, got: readonly number[] | undefined, dims: readonly number[]) => {
    const fits = got?.length === dims.length && got.every((size, at) => size === -1 || size === dims[at]);
    if (!fits)
      problems.push(
        shape(
          `variant ${variant.id}: tensor "${name}" is ${got ? `[${got.join(', ')}]` : 'missing'}, want [${dims.join(', ')}]`,
        ),
      );
  };
  const { width, height } = variant;
  const input = variant.inputs.find((tensor) => tensor.name === preprocess.input);
  const channels = preprocess.kind === 'test-and-template' ? 2 : preprocess.channels === 'gray' ? 1 : 3;
  const planar = preprocess.kind === 'test-and-template' || preprocess.layout === 'nchw';
  want(preprocess.input, input?.dims, planar ? [1, channels, height, width] : [1, height, width, channels]);
  if (preprocess.kind === 'test-and-template' && input !== undefined && input.dtype !== 'uint8') {
    problems.push(shape(`variant ${variant.id}: tensor "${input.name}" is ${input.dtype}, want uint8`));
  }
  const output = (name: string) => variant.outputs.find((tensor) => tensor.name === name)?.dims;
  if (postprocess.decoder === 'anomaly-map') {
    const { stride, map, score } = postprocess;
    want(map, output(map), [1, 1, height / stride, width / stride]);
    want(score, output(score), [1]);
    if (manifest.labels.length !== 1)
      problems.push(inconsistent(`decoder anomaly-map knows one label, the bundle has ${manifest.labels.length}`));
    return problems;
  }
  if (postprocess.decoder === 'centre-ltrb') {
    const { stride, boxes, scores } = postprocess;
    want(scores, output(scores), [1, manifest.labels.length, height / stride, width / stride]);
    want(boxes, output(boxes), [1, 4, height / stride, width / stride]);
  } else if (
    postprocess.output === undefined ? variant.outputs.length !== 1 : output(postprocess.output) === undefined
  ) {
    const names = variant.outputs.map((tensor) => tensor.name).join(', ');
    problems.push(
      shape(
        `variant ${variant.id}: postprocess needs output "${postprocess.output ?? 'the only one'}", the variant has ${names}`,
      ),
    );
  }
  return problems;
}

function goldenProblems(manifest: BundleManifest): readonly BundleProblem[] {
  const vectors = manifest.goldenVectors.flatMap((vector) => {
    const variant = manifest.variants.find((candidate) => candidate.id === vector.variant);
    const where = `golden vector ${vector.variant}/${vector.name}`;
    if (variant === undefined) return [inconsistent(`${where} names an unknown variant`)];
    const same = (what: string, got: readonly string[], want: readonly string[]) =>
      [...got].sort().join() === [...want].sort().join()
        ? []
        : [shape(`${where} has ${what} ${got.join(', ')}; the variant has ${want.join(', ')}`)];
    const outputs = variant.outputs.map((tensor) => tensor.name);
    return [
      ...same(
        'inputs',
        Object.keys(vector.inputs),
        variant.inputs.map((tensor) => tensor.name),
      ),
      ...same('outputs', Object.keys(vector.outputs), outputs),
      ...same('tolerances', Object.keys(vector.tolerance), outputs),
      ...[...variant.inputs, ...variant.outputs]
        .filter((tensor) => tensor.dims.includes(-1))
        .map((tensor) => shape(`${where}: tensor "${tensor.name}" has an open size; golden vectors need fixed ones`)),
    ];
  });
  const without = manifest.variants.filter(
    (variant) => !manifest.goldenVectors.some((vector) => vector.variant === variant.id),
  );
  return [...vectors, ...without.map((variant) => inconsistent(`variant ${variant.id} has no golden vector`))];
}

import type { BundleProblem } from './bundle-problems.js';
import { licenceProblems } from './licence-record.js';
import type { BundleManifest, BundleVariant } from './manifest.js';
import { hasOneLabel, keypointsOf, neededOutputs } from './output-shapes.js';

/** What a schema cannot say: that the parts of a manifest fit each other. Lists every problem. */
export function checkConsistency(manifest: BundleManifest): readonly BundleProblem[] {
  return [
    ...uniqueNames(manifest),
    ...thresholdProblems(manifest),
    ...fileReferences(manifest),
    ...manifest.variants.flatMap((variant) => variantShapes(manifest, variant)),
    ...goldenProblems(manifest),
    ...licenceProblems(manifest),
    ...keypointProblems(manifest),
    ...peopleProblems(manifest),
    ...tableProblems(manifest),
    ...wrappedProblems(manifest),
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
    ['keypoint', manifest.keypoints ?? []],
    ['variant', manifest.variants.map((variant) => variant.id)],
    ['golden vector', manifest.goldenVectors.map((vector) => `${vector.variant}/${vector.name}`)],
    // Two names that differ in case are one file on some file systems.
    ['file', Object.keys(manifest.files).map((file) => file.toLowerCase())],
  ];
  return sets.flatMap(([what, names]) =>
    duplicates(names).map((name) => inconsistent(`${what} "${name}" appears twice`)),
  );
}

function keypointProblems({ postprocess, keypoints, labels }: BundleManifest): readonly BundleProblem[] {
  const { decoder } = postprocess;
  const named = keypoints !== undefined;
  return [
    ...(keypointsOf(postprocess) === 'always' && !named
      ? [inconsistent(`decoder ${decoder} gives keypoints, the bundle does not name them`)]
      : []),
    ...(named && keypointsOf(postprocess) === 'never'
      ? [inconsistent(`the bundle names ${keypoints.length} keypoints, decoder ${decoder} gives none`)]
      : []),
    ...(hasOneLabel(postprocess) && labels.length !== 1
      ? [inconsistent(`decoder ${decoder} knows one label, the bundle has ${labels.length}`)]
      : []),
  ];
}

/** A wrapped model is the file of its author, byte for byte. */
function wrappedProblems({ lineage: { wrapped }, variants, files }: BundleManifest): readonly BundleProblem[] {
  if (wrapped === undefined) return [];
  return variants
    .filter(({ file }) => files[file]?.sha256 !== wrapped.sha256)
    .map(({ id, file }) => inconsistent(`variant ${id}: ${file} is not the file that lineage.wrapped names`));
}

/** What the tasks of people promise to a store, which picks the label "person". */
function peopleProblems({
  task,
  labels,
  keypoints,
  preprocess,
  postprocess,
}: BundleManifest): readonly BundleProblem[] {
  const ofPeople = ['person-detection', 'person-pose', 'keypoints-top-down'].includes(task);
  const topDown = postprocess.decoder === 'top-down-heatmap';
  return [
    ...(ofPeople && !labels.includes('person') ? [inconsistent(`task ${task} needs the label "person"`)] : []),
    ...(task === 'person-pose' && keypoints === undefined ? [inconsistent('task person-pose needs keypoints')] : []),
    ...((task === 'keypoints-top-down') === topDown && (preprocess.kind === 'person-crop') === topDown
      ? []
      : [
          inconsistent(
            `task keypoints-top-down, preprocess person-crop and decoder top-down-heatmap belong together; the bundle has ${task}, ${preprocess.kind} and ${postprocess.decoder}`,
          ),
        ]),
  ];
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
    const fits =
      got?.length === dims.length && got.every((size, at) => size === -1 || dims[at] === -1 || size === dims[at]);
    if (!fits)
      problems.push(
        shape(
          `variant ${variant.id}: tensor "${name}" is ${got ? `[${got.join(', ')}]` : 'missing'}, want [${dims.join(', ')}]`,
        ),
      );
  };
  const { width, height } = variant;
  const input = variant.inputs.find((tensor) => tensor.name === preprocess.input);
  want(preprocess.input, input?.dims, inputDims(preprocess, variant));
  if (preprocess.kind === 'test-and-template' && input !== undefined && input.dtype !== 'uint8') {
    problems.push(shape(`variant ${variant.id}: tensor "${input.name}" is ${input.dtype}, want uint8`));
  }
  const facts = { labels: manifest.labels.length, keypoints: manifest.keypoints?.length ?? 0, width, height };
  for (const { name, dims } of neededOutputs(postprocess, facts)) {
    const [only] = variant.outputs;
    const tensor =
      name === undefined && variant.outputs.length === 1 ? only : variant.outputs.find((each) => each.name === name);
    if (tensor !== undefined || name !== undefined) want(tensor?.name ?? name ?? '', tensor?.dims, dims);
    else {
      const names = variant.outputs.map((each) => each.name).join(', ');
      problems.push(shape(`variant ${variant.id}: postprocess needs output "the only one", the variant has ${names}`));
    }
  }
  return problems;
}

function inputDims(
  preprocess: BundleManifest['preprocess'],
  { width, height }: Pick<BundleVariant, 'width' | 'height'>,
): readonly number[] {
  if (preprocess.kind === 'test-and-template') return [1, 2, height, width];
  if (preprocess.kind === 'window-features') return [height, preprocess.columns.length];
  const channels = preprocess.channels === 'gray' ? 1 : 3;
  return preprocess.layout === 'nchw' ? [1, channels, height, width] : [1, height, width, channels];
}

/** Rows of a table are no picture, and what they give has no place in one. */
function tableProblems({ preprocess, postprocess, variants }: BundleManifest): readonly BundleProblem[] {
  const isTable = preprocess.kind === 'window-features';
  if (isTable !== (postprocess.decoder === 'probabilities'))
    return [
      inconsistent(
        `preprocess window-features and decoder probabilities belong together; the bundle has ${preprocess.kind} and ${postprocess.decoder}`,
      ),
    ];
  if (!isTable) return [];
  const names = preprocess.columns.map(({ name }) => name);
  return [
    ...duplicates(names).map((name) => inconsistent(`column "${name}" appears twice`)),
    ...preprocess.columns
      .filter(({ low, high }) => low > high)
      .map(({ name, low, high }) => inconsistent(`column "${name}" has low ${low} above high ${high}`)),
    ...variants
      .filter(({ width }) => width !== names.length)
      .map(({ id, width }) => shape(`variant ${id}: width is ${width}, the bundle has ${names.length} columns`)),
  ];
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

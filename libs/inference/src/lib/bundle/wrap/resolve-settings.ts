import { ConfigError, type Tensors, type TensorSpec } from '@edge-blueprints/contracts';
import type { BundleManifest } from '../manifest.js';
import { postprocessOf, preprocessOf, taskOf } from './family-rules.js';
import { namedLists } from './label-sets.js';
import { evenPicture, trialRuns, type ModelFacts } from './model-facts.js';
import { recogniseModel, type FamilyReading } from './model-family.js';
import type { OpenQuestion, WrapSettings } from './wrap-settings.js';

/** All that the manifest of a foreign model says about reading and feeding it. */
export interface ResolvedModel {
  readonly reading: FamilyReading;
  readonly task: string;
  readonly labels: readonly string[];
  readonly keypoints: readonly string[] | undefined;
  readonly width: number;
  readonly height: number;
  /** With every size fixed. */
  readonly input: TensorSpec;
  readonly outputs: readonly TensorSpec[];
  readonly preprocess: BundleManifest['preprocess'];
  readonly postprocess: BundleManifest['postprocess'];
}

export type Resolution =
  | { readonly model: ResolvedModel; readonly settings: StatedSettings }
  | { readonly open: readonly OpenQuestion[]; readonly sizeUnknown: boolean };

/** Settings with what nothing but a person can say. */
export type StatedSettings = WrapSettings & {
  readonly threshold: number;
  readonly licence: string;
  readonly origin: string;
  readonly trainedOn: string;
};

/**
 * Puts together what the file tells, what its family is known for and what was stated, or says what is still open.
 * @throws ConfigError `bundle.wrap-refused` for models that never become bundles of people, `bundle.wrap-model` when it does not
 * run
 */
export async function resolveSettings(facts: ModelFacts, settings: WrapSettings): Promise<Resolution> {
  const statedOpen = openStated(settings);
  const place = inputPlace(facts);
  const width = place.width === -1 ? settings.width : place.width;
  const height = place.height === -1 ? settings.height : place.height;
  if (width === undefined || height === undefined) {
    const hint = 'the file leaves it open';
    const sizes: OpenQuestion[] = [
      ...(width === undefined ? [{ field: 'width' as const, hint }] : []),
      ...(height === undefined ? [{ field: 'height' as const, hint }] : []),
    ];
    refuseVectors(facts);
    return { open: [...sizes, ...statedOpen], sizeUnknown: true };
  }
  const dims = place.layout === 'nchw' ? [1, place.depth, height, width] : [1, height, width, place.depth];
  const [ran = {}] = await trialRuns(facts, dims, [evenPicture(facts, dims, 114)]);
  const outputs = facts.outputs.map(({ name, dtype }) => ({ name, dtype, dims: [...(ran[name]?.dims ?? [])] }));
  const { readings, refusal } = recogniseModel(facts, { width, height }, outputs);
  if (refusal !== undefined) throw refused(facts, refusal);
  const labels = settings.labels ?? metadataLabels(facts.metadata['names']);
  const reading = chosenReading(readings, settings, labels);
  if (reading === undefined) {
    const hint = `the outputs fit ${readings.map(({ family, because }) => `${family} (${because})`).join(' and ')}`;
    return { open: [{ field: 'family', hint }, ...statedOpen], sizeUnknown: false };
  }
  const named = namesOf(reading, labels, settings);
  if (named.labels.some((label) => /\bfaces?\b/i.test(label)))
    throw refused(
      facts,
      `it looks for faces (${named.labels.join(', ')}); faces are neither looked for nor needed here`,
    );
  const { threshold, licence, origin, trainedOn } = settings;
  const open = [...named.open, ...statedOpen];
  if (open.length > 0) return { open, sizeUnknown: false };
  if (threshold === undefined || licence === undefined || origin === undefined || trainedOn === undefined)
    return { open, sizeUnknown: false };
  const input = { ...facts.input, dims };
  const fed = { name: input.name, dtype: input.dtype, layout: place.layout, depth: place.depth };
  return {
    settings: { ...settings, threshold, licence, origin, trainedOn },
    model: {
      ...{ reading, task: taskOf(reading.family), labels: named.labels, keypoints: named.keypoints },
      ...{ width, height, input, outputs },
      preprocess: preprocessOf(reading.family, fed, settings),
      postprocess: postprocessOf(reading, outputs, settings, hasGrid(ran, width)),
    },
  };
}

function refused({ file }: ModelFacts, why: string): ConfigError {
  return new ConfigError('bundle.wrap-refused', `${file} does not become a bundle of people: ${why}.`);
}

/** Told without a run, so that nobody answers questions about a model that is refused afterwards. */
function refuseVectors(facts: ModelFacts): void {
  const { refusal } = recogniseModel(facts, { width: 0, height: 0 }, facts.outputs);
  if (facts.outputs.every(({ dims }) => dims.length === 2) && refusal !== undefined) throw refused(facts, refusal);
}

function openStated(settings: WrapSettings): readonly OpenQuestion[] {
  const fields = ['threshold', 'licence', 'origin', 'trainedOn'] as const;
  return fields.filter((field) => settings[field] === undefined).map((field) => ({ field, hint: '' }));
}

interface InputPlace {
  readonly layout: 'nchw' | 'nhwc';
  readonly depth: number;
  readonly width: number;
  readonly height: number;
}

function inputPlace({ file, input }: ModelFacts): InputPlace {
  const [, second = -1, third = -1, fourth = -1] = input.dims;
  if (second === 1 || second === 3) return { layout: 'nchw', depth: second, height: third, width: fourth };
  if (fourth === 1 || fourth === 3) return { layout: 'nhwc', depth: fourth, height: second, width: third };
  throw new ConfigError(
    'bundle.wrap-model',
    `${file} takes [${input.dims.join(', ')}]: neither the second nor the last size is 1 or 3, so it is no grey or colour picture`,
  );
}

/** `{0: 'person', 1: 'bicycle'}`, as the exporters of the YOLO line write it. */
function metadataLabels(names: string | undefined): readonly string[] | undefined {
  if (names === undefined) return undefined;
  const found = [...names.matchAll(/(\d+)\s*:\s*(?:'([^']*)'|"([^"]*)")/g)];
  const labels = found.map((match) => match[2] ?? match[3] ?? '');
  const inOrder = found.every((match, at) => Number(match[1]) === at);
  return inOrder && labels.length > 0 ? labels : undefined;
}

function chosenReading(
  readings: readonly FamilyReading[],
  { family }: WrapSettings,
  labels: readonly string[] | undefined,
): FamilyReading | undefined {
  const wanted = family === undefined ? readings : readings.filter((each) => each.family === family);
  const fitting =
    labels === undefined ? wanted : wanted.filter(({ classes }) => (classes ?? labels.length) === labels.length);
  if (fitting.length === 1 || wanted.length === 1) return fitting[0] ?? wanted[0];
  // 80 classes are COCO, 17 keypoints are COCO: no other reading of such sizes has been seen in the field.
  return fitting.find(({ classes, keypoints }) => classes === 80 || keypoints === 17);
}

function namesOf(
  reading: FamilyReading,
  given: readonly string[] | undefined,
  settings: WrapSettings,
): {
  readonly labels: readonly string[];
  readonly keypoints: readonly string[] | undefined;
  readonly open: readonly OpenQuestion[];
} {
  const known = reading.classes === 80 ? namedLists['coco-80'] : reading.keypoints > 0 ? ['person'] : undefined;
  const labels = given ?? known;
  const keypoints = settings.keypoints ?? (reading.keypoints === 17 ? namedLists['coco-17'] : undefined);
  const open: OpenQuestion[] = [];
  const { classes } = reading;
  if (labels === undefined || (classes !== undefined && labels.length !== classes))
    open.push({
      field: 'labels',
      hint: `the model has ${classes ?? 'some'} score channels, ${labels?.length ?? 'no'} names are known`,
    });
  const person = settings.person ?? (labels?.length === 1 ? labels[0] : 'person');
  if (labels !== undefined && !labels.includes(person ?? ''))
    open.push({
      field: 'person',
      hint: `one of ${labels.slice(0, 12).join(', ')}${labels.length > 12 ? ', ...' : ''}`,
    });
  if (reading.keypoints > 0 && keypoints?.length !== reading.keypoints)
    open.push({
      field: 'keypoints',
      hint: `the model has ${reading.keypoints} keypoints, ${keypoints?.length ?? 'no'} names are known`,
    });
  return {
    labels: (labels ?? []).map((label) => (label === person ? 'person' : label)),
    keypoints: reading.keypoints > 0 ? keypoints : undefined,
    open,
  };
}

/** Centres of YOLOX in pixels reach across the picture; without the grid they are a few cells at most. */
function hasGrid(outputs: Tensors, width: number): boolean {
  const [output] = Object.values(outputs);
  const rowLength = output?.dims[2] ?? 1;
  let largest = 0;
  for (let at = 0; at < (output?.data.length ?? 0); at += rowLength)
    largest = Math.max(largest, Number(output?.data[at] ?? 0));
  return largest > width / 4;
}

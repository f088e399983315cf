import { ConfigError, parseConfig, type Tensor, type VerifiedModel } from '@edge-blueprints/contracts';
import { createDecoder } from '@edge-blueprints/vision';
import { cardFile, templateFile } from '../card-check.js';
import { makeGoldenVectors } from '../golden-outputs.js';
import { bundleManifestSchema, type BundleManifest } from '../manifest.js';
import { fillCard } from '../model-card.js';
import { currentRevision } from '../pack-inputs.js';
import { entriesOf, placeBundle, type PackReport, type PlaceOptions } from '../place-bundle.js';
import { requireReleasable } from '../release-requirements.js';
import { recoverFolder } from '../replace-folder.js';
import { assumptionsOf } from './assumptions.js';
import { drawGoldenInputs } from './golden-pictures.js';
import { trialRuns, type ModelFacts } from './model-facts.js';
import type { ResolvedModel, StatedSettings } from './resolve-settings.js';
import { wrapCardTemplate } from './wrap-card.js';

/** The model within the bundle. */
const modelFile = 'model.onnx';

/** Licences whose weights may be passed on without asking. */
const permissive = /^(Apache-2\.0|MIT|BSD-2-Clause|BSD-3-Clause|ISC|CC0-1\.0|CC-BY-4\.0|Unlicense)$/;

/** Values of a foreign model on another machine: same file, same runtime, other processor. */
const goldenTolerance = { relative: 0.002, outlierShare: 0.001 } as const;

export interface WrapReport extends PackReport {
  /** What was taken from the habit of the family, one line each. */
  readonly assumed: readonly string[];
}

/**
 * Makes a signed bundle of a foreign model: its file unchanged, golden vectors computed by the packing engine from drawn
 * pictures, a card that says what was not measured. The bundle is loaded and checked as a station would before it is placed.
 * @throws ConfigError `bundle.wrap-model` for outputs that its decoder cannot read, and every refusal of the packer
 */
export async function wrapBundle(
  options: PlaceOptions & {
    readonly facts: ModelFacts;
    readonly model: ResolvedModel;
    readonly settings: StatedSettings;
  },
): Promise<WrapReport> {
  const { facts, model, settings, out } = options;
  await recoverFolder(out);
  const revision = (await currentRevision(out)) + 1;
  const name = settings.name ?? bundleNameOf(facts.file);
  const version = `${settings.version ?? '1.0'}.${revision}`;
  const seed = settings.seed ?? 1;
  const id = `${facts.precision}-${model.width === model.height ? model.width : `${model.width}x${model.height}`}`;
  const files = new Map<string, Uint8Array>([[modelFile, facts.bytes]]);
  const variant = {
    ...{ id, precision: facts.precision, file: modelFile, width: model.width, height: model.height },
    ...{ inputs: [model.input], outputs: model.outputs },
  };
  const verified: VerifiedModel = {
    ...{ bundle: name, version, variant: id, precision: facts.precision },
    ...{ modelDigest: facts.sha256, bytes: facts.bytes, inputs: variant.inputs, outputs: variant.outputs },
  };
  const vectors = await goldenVectors(options, verified, seed, files);
  const redistribution = settings.redistribution ?? (permissive.test(settings.licence) ? 'allowed' : 'unknown');
  const assumed = assumptionsOf(model, settings);
  const template = wrapCardTemplate(assumed);
  files.set(templateFile, Buffer.from(template, 'utf8'));
  const stated = {
    ...{ format: 'edge-bundle/1' as const, name, version, revision, task: model.task },
    labels: [...model.labels],
    ...(model.keypoints === undefined ? {} : { keypoints: [...model.keypoints] }),
    licence: { spdx: settings.licence, note: settings.licenceNote ?? 'As its author states; nothing was added' },
    ...(redistribution === 'allowed' ? {} : { use: 'research' as const }),
    lineage: {
      data: [`${settings.trainedOn} (as its author says; trained elsewhere)`],
      inputs: [
        {
          ...{ name: facts.file, kind: 'weights' as const, licence: settings.licence, redistribution },
          ...{ source: settings.origin, citation: settings.citation ?? 'none' },
        },
      ],
      command: `bundle-cli wrap ${facts.file}`,
      seed,
      wrapped: { file: facts.file, sha256: facts.sha256, source: settings.origin },
    },
    variants: [variant],
    ...{ preprocess: model.preprocess, postprocess: model.postprocess },
    thresholds: model.labels.map((label) => ({
      ...{ label, threshold: settings.threshold },
      provenance: 'stated when the model was wrapped; not chosen on pictures of this store',
    })),
    goldenVectors: vectors,
    expectedLatencyMs: {},
    cardTemplate: templateFile,
    metrics: { models: { model: { sha256: facts.sha256, bytes: facts.bytes.length } }, measured_here: 'nothing' },
  };
  const parsed = parseConfig(
    bundleManifestSchema.omit({ card: true }),
    { ...stated, files: entriesOf(files) },
    'the wrapped manifest',
  );
  files.set(cardFile, Buffer.from(fillCard(template, parsed), 'utf8'));
  const complete = { ...parsed, files: entriesOf(files), card: cardFile };
  const manifest = parseConfig(bundleManifestSchema, complete, 'the wrapped manifest');
  requireReleasable(manifest, template, { withFigures: true });
  return { ...(await placeBundle(options, manifest, files)), assumed };
}

async function goldenVectors(
  { facts, model, createEngine }: Parameters<typeof wrapBundle>[0],
  verified: VerifiedModel,
  seed: number,
  files: Map<string, Uint8Array>,
): Promise<BundleManifest['goldenVectors']> {
  if (model.preprocess.kind === 'test-and-template' || model.preprocess.kind === 'window-features') return [];
  const inputs = drawGoldenInputs(model.preprocess, model.input, model, seed);
  const largest = new Map<string, number>();
  const run = { model: verified, inputs, createEngine };
  const decode = createDecoder(model.postprocess, model);
  // The tolerance of an output follows from its size, which a run shows.
  for (const outputs of await trialRuns(facts, model.input.dims, [...inputs.values()])) {
    decodable(facts, () => decode(outputs));
    for (const [name, tensor] of Object.entries(outputs))
      largest.set(name, Math.max(largest.get(name) ?? 0, largestOf(tensor)));
  }
  const scales = [...largest].map(([name, size]) => [name, Math.max(size * 0.0005, 0.0005)] as const);
  const tolerance = Object.fromEntries(
    scales.map(([name, absolute]) => [name, { absolute: Number(absolute.toPrecision(2)), ...goldenTolerance }]),
  );
  // Rounded well within the tolerance, so that the files pack.
  const step = Object.fromEntries(scales.map(([name, absolute]) => [name, 2 ** Math.floor(Math.log2(absolute / 8))]));
  return [...(await makeGoldenVectors({ ...run, step, tolerance }, files)).vectors];
}

function decodable({ file }: ModelFacts, decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    throw new ConfigError(
      'bundle.wrap-model',
      `What ${file} computes is not what its family gives: ${error instanceof Error ? error.message : 'unknown'} Its graph may end before the last activation; export it with it, or name another --family.`,
      { cause: error },
    );
  }
}

function largestOf({ data }: Tensor): number {
  let largest = 0;
  for (const value of data) largest = Math.max(largest, Math.abs(Number(value)));
  return largest;
}

/** `YOLOX_nano.onnx` to `yolox-nano`. */
function bundleNameOf(file: string): string {
  const name = file
    .replace(/\.onnx$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
  return name === '' ? 'wrapped-model' : name.slice(0, 64);
}

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseConfig, type VerifiedModel } from '@edge-blueprints/contracts';
import { copyOf } from '../tensor-bytes.js';
import { sha256Hex } from './bundle-files.js';
import { cardFile, templateFile } from './card-check.js';
import { makeGoldenVectors } from './golden-outputs.js';
import { bundleManifestSchema, type BundleManifest, type BundleVariant } from './manifest.js';
import { fillCard } from './model-card.js';
import { packedAgreement } from './packed-agreement.js';
import {
  currentRevision,
  packInputError,
  readGoldenInputs,
  readIfWritten,
  readJson,
  readMetrics,
  readModels,
} from './pack-inputs.js';
import { packSpecSchema, type PackSpec } from './pack-spec.js';
import { entriesOf, placeBundle, type PackReport, type PlaceOptions } from './place-bundle.js';
import type { PathOutputs } from './path-agreement.js';
import { readReferenceOutputs, requireTolerances } from './reference-outputs.js';
import { requireReleasable } from './release-requirements.js';
import { recoverFolder } from './replace-folder.js';
import { chosenThresholds, measuredLatency, staleFigures, trainingFigures } from './training-figures.js';
import { bundleDriftFile } from './drift-file.js';
import { validationScoresFile } from './validation-scores.js';

export interface PackOptions extends PlaceOptions {
  /** Folder with the ONNX files, the metrics file and the golden inputs. */
  readonly from: string;
  /** bundle.spec.json; the card template lies beside it. */
  readonly spec: string;
  /** Packs a model that has not been measured yet; its thresholds are the spec's default. */
  readonly withoutMetrics?: boolean;
  /** Packs with thresholds but before the station's own figures are there, to measure exactly them; not for release. */
  readonly draft?: boolean;
}

/**
 * Packs and signs a bundle: copies the models, computes golden outputs with the real engine, writes card and manifest,
 * then loads and checks the outcome as a station would before it takes the place of the old folder.
 * The revision rises by one over the bundle it replaces.
 * @throws ConfigError `config.invalid`, `bundle.pack-input`, `bundle.agreement`, `bundle.unreleasable`,
 * `bundle.card-template` and every refusal of `loadBundle`
 */
export async function packBundle(options: PackOptions): Promise<PackReport> {
  const spec = parseConfig(packSpecSchema, await readJson(options.spec), options.spec);
  await recoverFolder(options.out);
  const revision = (await currentRevision(options.out)) + 1;
  const metrics = options.withoutMetrics === true ? {} : await readMetrics(join(options.from, spec.metrics));
  const figures = trainingFigures(metrics, spec.metrics);
  const models = await readModels(options.from, spec);
  const stale = staleFigures(figures, entriesOf(models));
  if (stale.length > 0) {
    throw packInputError(
      `${spec.metrics} was measured on another ${stale.join(' and ')}; measure again or give --without-metrics`,
    );
  }
  const inputs = await readGoldenInputs(options.from, spec);
  requireTolerances(spec);
  const references = await readReferenceOutputs(options.from, spec, inputs, models);
  const files = new Map(models);
  const goldenVectors: BundleManifest['goldenVectors'] = [];
  const stations = new Map<string, PathOutputs>();
  for (const variant of spec.variants) {
    const tolerance = spec.golden.tolerance[variant.precision];
    if (tolerance === undefined)
      throw packInputError(`golden.tolerance of ${options.spec} has no entry for ${variant.precision}`);
    const model = modelOf(spec, variant, models);
    const run = { ...options, model, inputs, tolerance, step: spec.golden.step };
    const { vectors, station } = await makeGoldenVectors(run, files);
    goldenVectors.push(...vectors);
    stations.set(variant.id, station);
  }
  const { golden: _golden, metrics: _metrics, cardTemplate, thresholds: _thresholds, ...stated } = spec;
  const content = {
    ...stated,
    format: 'edge-bundle/1' as const,
    version: `${spec.version}.${revision}`,
    revision,
    thresholds: chosenThresholds(figures, spec),
    expectedLatencyMs: { ...measuredLatency(figures, spec.variants), ...spec.expectedLatencyMs },
    goldenVectors,
    agreement: packedAgreement(spec, references, stations),
    metrics,
  };
  const template = await readFile(join(dirname(options.spec), cardTemplate), 'utf8');
  files.set(templateFile, Buffer.from(template, 'utf8'));
  const scores = await readIfWritten(join(options.from, validationScoresFile));
  if (scores !== undefined) files.set(validationScoresFile, scores);
  const drift = await readIfWritten(join(options.from, bundleDriftFile));
  if (drift !== undefined) files.set(bundleDriftFile, drift);
  const named = {
    ...content,
    cardTemplate: templateFile,
    ...(scores === undefined ? {} : { validationScores: validationScoresFile }),
    ...(drift === undefined ? {} : { driftReference: bundleDriftFile }),
  };
  files.set(cardFile, Buffer.from(fillCard(template, { ...named, files: entriesOf(files) }), 'utf8'));
  const complete = { ...named, files: entriesOf(files), card: cardFile };
  const manifest = parseConfig(bundleManifestSchema, complete, 'the packed manifest');
  requireReleasable(manifest, template, { withFigures: options.withoutMetrics !== true && options.draft !== true });
  return placeBundle(options, manifest, files);
}

function modelOf(spec: PackSpec, variant: BundleVariant, models: ReadonlyMap<string, Uint8Array>): VerifiedModel {
  const bytes = models.get(variant.file) ?? new Uint8Array();
  const { id, precision, inputs, outputs } = variant;
  return {
    bundle: spec.name,
    version: spec.version,
    variant: id,
    precision,
    modelDigest: sha256Hex(bytes),
    bytes: copyOf(bytes),
    inputs,
    outputs,
  };
}

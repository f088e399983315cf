import { parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { BundleManifest } from './manifest.js';
import type { PackSpec } from './pack-spec.js';

const modelFigures = z.looseObject({
  sha256: z.string().optional(),
  latency: z.record(z.string(), z.looseObject({ p50_ms: z.number().positive() })).optional(),
});

/** What the packer reads from the metrics file that the training workshop wrote; everything else is copied as it is. */
const figuresSchema = z.looseObject({
  thresholds: z
    .strictObject({ per_class: z.record(z.string(), z.number().min(0).max(1)), provenance: z.string().min(1) })
    .optional(),
  models: z.record(z.string(), modelFigures).optional(),
  machine: z.looseObject({ cpu: z.string(), cores: z.int(), onnxruntime: z.string() }).optional(),
});
export type TrainingFigures = z.infer<typeof figuresSchema>;

/** @throws ConfigError `config.invalid` */
export function trainingFigures(metrics: BundleManifest['metrics'], source: string): TrainingFigures {
  return parseConfig(figuresSchema, metrics, source);
}

/** Verdict thresholds as the training chose them; the spec's default, named as such, where it chose none. */
export function chosenThresholds(
  { thresholds: chosen }: TrainingFigures,
  spec: Pick<PackSpec, 'labels' | 'thresholds'>,
): BundleManifest['thresholds'] {
  return spec.labels.map((label) => {
    const threshold = chosen?.per_class[label];
    return chosen === undefined || threshold === undefined
      ? { label, threshold: spec.thresholds.default, provenance: spec.thresholds.provenance }
      : { label, threshold, provenance: chosen.provenance };
  });
}

const nameOf = (file: string): string => file.replace(/\.onnx$/, '');

/** Models whose measured digest is not that of the file: the figures belong to an older export. */
export function staleFigures({ models = {} }: TrainingFigures, files: BundleManifest['files']): readonly string[] {
  return Object.entries(files)
    .filter(([file, { sha256 }]) => (models[nameOf(file)]?.sha256 ?? sha256) !== sha256)
    .map(([file]) => file);
}

/** Medians of one thread, where the training measured them. */
export function measuredLatency(
  { models = {}, machine }: TrainingFigures,
  variants: PackSpec['variants'],
): BundleManifest['expectedLatencyMs'] {
  const where =
    machine === undefined
      ? 'machine not stated'
      : `${machine.cpu}, ${machine.cores} cores, onnxruntime ${machine.onnxruntime}`;
  const entries = variants.flatMap(({ id, file }) => {
    const p50 = models[nameOf(file)]?.latency?.['1_threads']?.p50_ms;
    return p50 === undefined ? [] : [[id, { p50, machine: `${where}, 1 thread` }] as const];
  });
  return Object.fromEntries(entries);
}

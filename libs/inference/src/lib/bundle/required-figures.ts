import type { BundleManifest } from './manifest.js';

/**
 * Figures that a card must show, by task. `{model}` stands for the stem of each variant's file, `{label}` for each label;
 * `*` for any one entry (a test list, a validation set), and a name that ends with a dot for at least one figure below it.
 */
const requiredByTask: Readonly<Record<string, readonly string[]>> = {
  'object-detection': [
    'thresholds.provenance',
    'thresholds.per_class.{label}',
    'models.{model}.sha256',
    'models.{model}.*.map',
    'models.{model}.*.ap.{label}',
    'models.{model}.*.best_single_threshold.f',
    'models.{model}.*.at_verdict_thresholds.precision',
    'models.{model}.*.at_verdict_thresholds.recall',
    'station.command',
    'station.map',
    'station.at_verdict_thresholds.recall',
    'station.false_rejects.',
    'machine.cpu',
    'machine.onnxruntime',
  ],
  'anomaly-detection': [
    'thresholds.provenance',
    'models.{model}.sha256',
    'models.{model}.*.image_auroc.',
    'models.{model}.*.recall.',
    'station.command',
    'station.image_auroc.',
    'station.recall.',
    'machine.cpu',
    'machine.onnxruntime',
  ],
  'deterioration-advisory': [
    'thresholds.provenance',
    'thresholds.per_class.{label}',
    'models.{model}.sha256',
    'models.{model}.test.{label}.auroc.low',
    'models.{model}.test.{label}.auprc.low',
    'models.{model}.test.{label}.news2_auroc.low',
    'models.{model}.test.{label}.news2_auprc.low',
    'models.{model}.test.{label}.calibration_error.low',
    'models.{model}.test.{label}.at_threshold.advisories_per_patient_day',
    'machine.cpu',
    'machine.onnxruntime',
  ],
};

/** What every card shows, whatever the task. */
const requiredAlways = ['models.{model}.sha256'];

/** Names of the required figures that the metrics lack, in the order of the list. */
export function missingFigures(
  manifest: Pick<BundleManifest, 'task' | 'labels' | 'variants' | 'metrics' | 'lineage'>,
): readonly string[] {
  // What its author measured is not known here; the card of a wrapped model says what was not measured.
  const names = (manifest.lineage.wrapped === undefined && requiredByTask[manifest.task]) || requiredAlways;
  const stems = [...new Set(manifest.variants.map(({ file }) => file.replace(/\.onnx$/, '')))];
  return names
    .flatMap((name) => spread(name, '{model}', stems))
    .flatMap((name) => spread(name, '{label}', manifest.labels))
    .filter((name) => !hasFigure(manifest.metrics, name));
}

function spread(name: string, place: string, values: readonly string[]): readonly string[] {
  return name.includes(place) ? values.map((value) => name.replace(place, value)) : [name];
}

function hasFigure(metrics: unknown, name: string): boolean {
  return reaches(metrics, name.split('.'));
}

/** Whether the rest of the path leads to a figure. The empty key behind a last dot is met by any figure. */
function reaches(at: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return isFigure(at);
  if (typeof at !== 'object' || at === null) return key === '' && isFigure(at);
  return Object.entries(at).some(([found, value]) => {
    if (key === '') return isFigure(value);
    return (key === '*' || key === found) && reaches(value, rest);
  });
}

function isFigure(value: unknown): boolean {
  return typeof value === 'string' ? value.trim() !== '' : typeof value === 'number' && Number.isFinite(value);
}

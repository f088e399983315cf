import { createHash } from 'node:crypto';
import { UsageError } from '@edge-blueprints/contracts';
import type { ThresholdView } from '@edge-blueprints/contracts';
import { checkThresholds } from '@edge-blueprints/vision';
import type { Thresholds } from '@edge-blueprints/vision';

export interface ClassThreshold {
  readonly label: string;
  readonly threshold: number;
  readonly provenance: string;
}

export interface ThresholdBookOptions {
  readonly labels: readonly string[];
  readonly bundle: readonly ClassThreshold[];
  /** From the station's configuration; they win over the bundle. */
  readonly recipe: readonly ClassThreshold[];
  /** Saved changes of operators; they win over the recipe. */
  readonly operator: readonly ClassThreshold[];
  readonly regions: Thresholds['regions'];
}

/** Which score makes a defect, per class and region, and who said so. */
export interface ThresholdBook {
  current(): Thresholds;
  /** SHA-256 over everything that `current` says, hex. */
  digest(): string;
  /** @throws UsageError `thresholds.class-unknown` */
  setByOperator(classIndex: number, threshold: number, provenance: string): void;
  operatorChanges(): readonly ClassThreshold[];
  view(): readonly ThresholdView[];
}

/** @throws ConfigError `vision.threshold-missing` when bundle, recipe and regions do not fit the labels of the model */
export function createThresholdBook(options: ThresholdBookOptions): ThresholdBook {
  const { labels } = options;
  const operator = new Map(
    options.operator.filter(({ label }) => labels.includes(label)).map((each) => [each.label, each]),
  );
  const compose = (): Thresholds => {
    const perClass = new Map(
      [...options.bundle, ...options.recipe, ...operator.values()].map((each) => [each.label, { ...each }]),
    );
    return { perClass: [...perClass.values()], regions: options.regions };
  };
  let current = compose();
  let digest = digestOf(current);
  checkThresholds(labels, current);

  return {
    current: () => current,
    digest: () => digest,
    setByOperator: (classIndex, threshold, provenance) => {
      const label = labels[classIndex];
      if (label === undefined) {
        throw new UsageError(
          'thresholds.class-unknown',
          `There is no class ${classIndex}; the model has ${labels.length} classes, 0 to ${labels.length - 1}`,
        );
      }
      operator.set(label, { label, threshold, provenance });
      current = compose();
      digest = digestOf(current);
    },
    operatorChanges: () => [...operator.values()],
    view: () =>
      labels.map((label, classIndex) => {
        const own = current.perClass.find((each) => each.label === label);
        const bundled = options.bundle.find((each) => each.label === label);
        return {
          label,
          classIndex,
          threshold: own?.threshold ?? 0,
          bundleThreshold: bundled?.threshold ?? 0,
          provenance: own?.provenance ?? '',
        };
      }),
  };
}

function digestOf(thresholds: Thresholds): string {
  return createHash('sha256').update(JSON.stringify(thresholds)).digest('hex');
}

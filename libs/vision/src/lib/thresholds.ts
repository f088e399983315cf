import { ConfigError, type Box, type Detection, type RecordedDetection } from '@edge-blueprints/contracts';
import { z } from 'zod';

const classThresholdSchema = z.strictObject({
  label: z.string().min(1),
  threshold: z.number().min(0).max(1),
  provenance: z.string().min(1).describe('Where the value comes from: bundle, recipe, operator'),
});

/** Thresholds per class, and regions of the part (pixels of the frame) where other ones hold. */
export const thresholdsSchema = z.strictObject({
  perClass: z.array(classThresholdSchema).min(1),
  regions: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        box: z.strictObject({ xMin: z.number(), yMin: z.number(), xMax: z.number(), yMax: z.number() }),
        perClass: z.array(classThresholdSchema).min(1),
      }),
    )
    .default([]),
});

export type Thresholds = z.infer<typeof thresholdsSchema>;

/**
 * Marks each detection with the threshold that holds at its place and whether it counts towards the verdict.
 * The first region that contains the centre of the box and names the class decides; else the threshold of the class.
 * @throws ConfigError `vision.threshold-missing` for a class without a threshold: it must not pass unnoticed
 */
export function applyThresholds(detections: readonly Detection[], thresholds: Thresholds): RecordedDetection[] {
  return detections.map(({ label, classIndex, score, box }) => {
    const { threshold, provenance } = thresholdAt(label, box, thresholds);
    return { label, classIndex, score, box: { ...box }, threshold, provenance, counted: score >= threshold };
  });
}

/** Checks at start-up what `applyThresholds` would meet on a part. All problems at once. */
export function checkThresholds(labels: readonly string[], thresholds: Thresholds): void {
  const problems = [
    ...labels
      .filter((label) => !thresholds.perClass.some((t) => t.label === label))
      .map((label) => `class ${label} has no threshold`),
    ...[{ name: 'perClass', perClass: thresholds.perClass }, ...thresholds.regions].flatMap(({ name, perClass }) => [
      ...perClass
        .filter((t) => !labels.includes(t.label))
        .map((t) => `${name} names class ${t.label}, which the model does not have`),
      ...perClass
        .filter((t, i) => perClass.findIndex((o) => o.label === t.label) < i)
        .map((t) => `${name} names class ${t.label} twice`),
    ]),
    ...thresholds.regions
      .filter((r) => r.box.xMax <= r.box.xMin || r.box.yMax <= r.box.yMin)
      .map((r) => `region ${r.name} has no area`),
  ];
  if (problems.length > 0) {
    throw new ConfigError(
      'vision.threshold-missing',
      `The thresholds do not fit the model:\n  ${problems.join('\n  ')}`,
      {
        context: { problems: problems.length },
      },
    );
  }
}

function thresholdAt(
  label: string,
  box: Box,
  thresholds: Thresholds,
): { readonly threshold: number; readonly provenance: string } {
  const x = (box.xMin + box.xMax) / 2;
  const y = (box.yMin + box.yMax) / 2;
  for (const region of thresholds.regions) {
    const inside = x >= region.box.xMin && x < region.box.xMax && y >= region.box.yMin && y < region.box.yMax;
    const own = inside ? region.perClass.find((t) => t.label === label) : undefined;
    if (own) return { threshold: own.threshold, provenance: `region ${region.name}: ${own.provenance}` };
  }
  const own = thresholds.perClass.find((t) => t.label === label);
  if (!own) {
    throw new ConfigError(
      'vision.threshold-missing',
      `Class ${label} has no threshold. Give it one in the bundle or the recipe.`,
    );
  }
  return { threshold: own.threshold, provenance: own.provenance };
}

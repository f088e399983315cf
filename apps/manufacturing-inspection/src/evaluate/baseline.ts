import { decodeGray } from '@edge-blueprints/cameras';
import { ConfigError } from '@edge-blueprints/contracts';
import { deepPcbLabels, templateDifference } from '@edge-blueprints/vision';
import type { JudgedPair, PairSource } from './judge-pairs.js';

/**
 * Judges a pair without a model: the classical template difference, every difference found counts.
 * @param labels of the bundle it is compared with, so that class indices mean the same
 * @throws ConfigError `evaluate.baseline-labels` when the bundle knows other classes than the difference can tell
 */
export function createBaselineJudge(labels: readonly string[]): (pair: PairSource) => Promise<JudgedPair> {
  const unknown = deepPcbLabels.filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw new ConfigError(
      'evaluate.baseline-labels',
      `The bundle has no class ${unknown.join(', ')}; the template difference tells ${deepPcbLabels.join(', ')}. Leave --baseline out for this bundle.`,
    );
  return async (pair) => {
    const found = templateDifference(await decodeGray(pair.testFile), await decodeGray(pair.templateFile));
    const detections = found.map((detection) => ({
      ...detection,
      classIndex: labels.indexOf(detection.label),
      threshold: 0,
      provenance: 'template difference',
      counted: true,
    }));
    return { id: pair.id, truth: pair.truth, detections, rejected: detections.length > 0 };
  };
}

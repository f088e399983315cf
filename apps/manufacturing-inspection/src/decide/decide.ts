import type { Decision, Detection, RecordedDetection } from '@edge-blueprints/contracts';
import { applyThresholds } from '@edge-blueprints/vision';
import type { Thresholds } from '@edge-blueprints/vision';

/** One detection at or above its threshold makes a reject; none makes a pass. */
export function decide(
  detections: readonly Detection[],
  thresholds: Thresholds,
): { readonly decision: Decision; readonly detections: readonly RecordedDetection[] } {
  const recorded = applyThresholds(detections, thresholds);
  const defects = recorded.filter(({ counted }) => counted);
  return { decision: defects.length === 0 ? { kind: 'pass' } : { kind: 'reject', defects }, detections: recorded };
}

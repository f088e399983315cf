import type { PartRecord } from '@edge-blueprints/contracts';
import { formatScore } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

type Detections = PartRecord['detections'];

export interface FoundClass {
  readonly label: string;
  readonly count: number;
  readonly topScore: number;
}

/** Counted detections by class, the surest first. */
export function foundClasses(detections: Detections): readonly FoundClass[] {
  const byLabel = new Map<string, FoundClass>();
  for (const { label, score, counted } of detections) {
    if (!counted) continue;
    const held = byLabel.get(label);
    byLabel.set(label, {
      label,
      count: (held?.count ?? 0) + 1,
      topScore: Math.max(held?.topScore ?? 0, score),
    });
  }
  return [...byLabel.values()].sort((a, b) => b.topScore - a.topScore || a.label.localeCompare(b.label));
}

export function foundText(detections: Detections): string {
  const found = foundClasses(detections);
  if (found.length === 0) return strings.live.nothingFound;
  return found.map(({ label, count, topScore }) => `${count} × ${label} ${formatScore(topScore)}`).join(', ');
}

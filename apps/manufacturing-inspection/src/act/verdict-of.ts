import type { Decision, VerdictKind } from '@edge-blueprints/contracts';
import { reasonCodeOf, reasonCodes } from '@edge-blueprints/plc';

/** What an abstain tells the PLC. There is no `pass` to choose. */
export type OnAbstain = 'reject' | 'review' | 'error';

export interface WordedVerdict {
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly reasonCode: number;
}

/** Decision to verdict. Only a decision `pass` becomes a verdict `pass`. */
export function verdictOf(decision: Decision, onAbstain: OnAbstain): WordedVerdict {
  switch (decision.kind) {
    case 'pass':
      return { verdict: 'pass', reason: 'pass', reasonCode: reasonCodes.none };
    case 'reject':
      return { verdict: 'reject', reason: sentenceOf(decision.defects), reasonCode: reasonCodes.defect };
    case 'abstain':
      return { verdict: onAbstain, reason: decision.code, reasonCode: reasonCodeOf(registerReason(decision.code)) };
    default:
      return decision satisfies never;
  }
}

/** `open x2, spur` */
function sentenceOf(defects: readonly { readonly label: string }[]): string {
  const counts = new Map<string, number>();
  for (const { label } of defects) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => (count === 1 ? label : `${label} x${count}`)).join(', ');
}

/** The PLC's register knows reasons, not libraries. */
function registerReason(code: string): string {
  if (code === 'camera.template-missing') return 'template-missing';
  if (code === 'golden.due') return 'golden-due';
  return code.startsWith('vision.') ? 'model-output-invalid' : code;
}

import { formatCount } from '@edge-blueprints/web-kit';
import type { AuditProofView } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';

const text = strings.audit.proof;

export interface ProofWords {
  readonly mark: 'ok' | 'stop';
  readonly verdict: string;
  readonly detail: string;
}

/** What the walk along the hash chain found, as a sentence that somebody can act on. */
export function proofWords({ entries, first, last, brokenAt }: AuditProofView): ProofWords {
  if (brokenAt !== null) {
    const cut = last === null || brokenAt > last;
    return {
      mark: 'stop',
      verdict: cut ? text.cut : text.broken(formatCount(brokenAt)),
      detail: cut ? text.cutDetail(formatCount(brokenAt)) : text.brokenDetail(formatCount(brokenAt)),
    };
  }
  if (first === null || last === null) return { mark: 'ok', verdict: text.empty, detail: '' };
  const kept = first > 1 ? ` ${text.earlier(formatCount(first - 1))}` : '';
  const detail = `${text.wholeDetail(formatCount(entries), formatCount(first), formatCount(last))}${kept}`;
  return { mark: 'ok', verdict: text.whole, detail };
}

import type { Detection } from './detection.js';

/** A detection that is at or above its threshold. */
export interface Defect extends Detection {
  readonly threshold: number;
  /** Where the threshold comes from: bundle, recipe, region or operator. */
  readonly provenance: string;
}

/** A fault on the way is an `abstain`, never a pass. What an abstain does is configuration with a safe default. */
export type Decision =
  | { readonly kind: 'pass' }
  | { readonly kind: 'reject'; readonly defects: readonly Defect[] }
  | { readonly kind: 'abstain'; readonly code: string; readonly message: string };

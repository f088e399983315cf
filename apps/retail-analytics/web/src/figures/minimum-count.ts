import type { MinimumCount } from '@edge-blueprints/contracts';
import { formatCount } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** A live number in words: small ones are told as "fewer than", never guessed. */
export function minimumText(count: MinimumCount): string {
  return count.kind === 'count' ? formatCount(count.value) : strings.count.fewer(count.than);
}

/** For a place in an order and the length of a bar: what is told as fewer comes last and has no length. */
export function minimumSize(count: MinimumCount): number {
  return count.kind === 'count' ? count.value : 0;
}

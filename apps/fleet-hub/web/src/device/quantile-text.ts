import { formatMs } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** Fewest samples that support a quantile, as in the pipeline's histograms. */
const needed = { p50: 1, p95: 59, p99: 662 } as const;

export function quantileText(ms: number | null, quantile: keyof typeof needed): string {
  return ms === null ? strings.device.tooFew(needed[quantile]) : formatMs(ms);
}

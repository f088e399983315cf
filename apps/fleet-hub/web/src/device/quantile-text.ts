import { formatMs } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** Fewest samples that support a quantile, as in the pipeline's histograms. */
const needed = { p50: 1, p95: 59, p99: 662 } as const;

export function quantileText(ms: number | null, quantile: keyof typeof needed): string {
  return ms === null ? strings.device.tooFew(needed[quantile]) : formatMs(ms);
}

/** The hub puts the stage behind the name of the measurement. */
export function latencyName(name: string): string {
  const [measured = '', ...rest] = name.split(' ');
  const words: Readonly<Record<string, string>> = strings.device.latencies;
  return [Object.hasOwn(words, measured) ? words[measured] : measured, ...rest].join(' ');
}

/** `CPUExecutionProvider` is the runtime's own name; the whole one stands in the title. */
export function providerName(provider: string): string {
  return provider.replace(/ExecutionProvider$/, '');
}

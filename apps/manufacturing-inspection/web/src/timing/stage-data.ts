import type { LatencyView, PartRecord } from '@edge-blueprints/contracts';
import { formatMs } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** Samples that a quantile needs before it may be shown: p95 has 59, p99 has 662. */
export const samplesNeeded = { p50: 1, p95: 59, p99: 662 } as const;

export function quantileText(value: number | null, quantile: keyof typeof samplesNeeded): string {
  return value === null ? strings.timing.tooFew(samplesNeeded[quantile]) : formatMs(value);
}

/** `captureToActMs`, `capture-to-act` and `captureToAct` are one stage. */
export function stageKey(stage: string): string {
  return stage
    .replace(/Ms$/, '')
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/[\s_]+/g, '-')
    .toLowerCase();
}

export function stageName(stage: string): string {
  const names: Readonly<Record<string, string>> = strings.timing.stages;
  return names[stageKey(stage)] ?? stage;
}

export function totalLatency(latencies: readonly LatencyView[]): LatencyView | null {
  return latencies.find((each) => stageKey(each.stage) === 'capture-to-act') ?? null;
}

export interface StageBar {
  readonly stage: string;
  readonly ms: number;
  readonly startShare: number;
  readonly share: number;
}

/**
 * The stages of one part on the axis from capture to act. `run` is a part of `infer` and therefore not a bar of its
 * own; what the stages leave open (waiting, hand-over) appears as `other`, so that the bars add up to the total.
 */
export function stageBars(timings: PartRecord['timings']): readonly StageBar[] {
  const parts: readonly (readonly [string, number])[] = [
    ['transport', timings.transportMs],
    ['preprocess', timings.preprocessMs],
    ['infer', timings.inferMs],
    ['postprocess', timings.postprocessMs],
    ['decide', timings.decideMs],
    ['act', timings.actMs],
  ];
  const known = parts.reduce((sum, [, ms]) => sum + ms, 0);
  const other = Math.max(0, timings.captureToActMs - known);
  const total = Math.max(timings.captureToActMs, known);
  let start = 0;
  return [...parts, ['other', other] as const].map(([stage, ms]) => {
    const bar = { stage, ms, startShare: total > 0 ? start / total : 0, share: total > 0 ? ms / total : 0 };
    start += ms;
    return bar;
  });
}

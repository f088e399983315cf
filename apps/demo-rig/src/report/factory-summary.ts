import type { LatencySnapshot, Share } from '@edge-blueprints/pipeline';
import type { FactoryReport } from './factory-report.js';

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const counted = ({ count, of, low, high }: Share & { readonly count: number; readonly of: number }): string =>
  `${count} of ${of}` + (of > 0 ? ` (95 % interval ${percent(low)} to ${percent(high)})` : '');
const ms = (value: number | null, needed: number): string =>
  value === null ? `needs ${needed}` : `${value.toFixed(2)} ms`;
const quantiles = ({
  count,
  p50Ms,
  p95Ms,
  p99Ms,
}: Pick<LatencySnapshot, 'count' | 'p50Ms' | 'p95Ms' | 'p99Ms'>): string =>
  `p50 ${ms(p50Ms, 1)}, p95 ${ms(p95Ms, 59)}, p99 ${ms(p99Ms, 662)}, ${count} parts`;

/** The factory's report in some lines for the terminal. */
export function factorySummary({ parts, captureToCoilMs, overheadMs, detection, mes, model }: FactoryReport): string {
  const lines = [
    `boards           ${parts.presented} left the belt: ${parts.accepted} accepted, ${parts.rejected} rejected`,
    `escapes          ${counted(parts.escapes)}; missed by the model ${parts.escapesModelMissed}, let through by the system ${parts.escapesOfTheSystem}`,
    `false rejects    ${counted(parts.falseRejects)}; asked for by the model ${parts.falseRejectsByModel}`,
    `capture to coil  ${quantiles(captureToCoilMs)}`,
    `without model    ${quantiles(overheadMs)} (capture to act, less the model's run)`,
    `late, silent     ${parts.late} late, ${parts.noVerdict} without verdict`,
    `MES              ${mes.station.delivered} delivered, ${mes.station.pending} pending, ${mes.station.dropped} set aside`,
    `model            ${model.bundle} ${model.bundleVersion} ${model.variant} on ${model.provider}, digest ${model.modelDigest.slice(0, 12)}`,
  ];
  if (detection?.map != null) {
    const best = detection.bestF;
    lines.push(
      `detection        mAP ${(detection.map * 100).toFixed(2)} over ${detection.truths} defects in ${detection.pictures} boards` +
        (best ? `, best F ${(best.f * 100).toFixed(2)} at ${best.threshold.toFixed(2)}` : ''),
      ...detection.perClass.map(
        ({ label, ap, truths }) => `  ${label.padEnd(12)} AP ${ap === null ? '-' : (ap * 100).toFixed(2)} (${truths})`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

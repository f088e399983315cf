import type { DriftAlarm, DriftFeature } from '@edge-blueprints/contracts';

/** Contract of `driftAlarmSchema`. */
const limits = { explanation: 500, examples: 12 } as const;

export interface AlarmMoment {
  readonly sinceMs: number;
  readonly sinceResultId: string | null;
  readonly examples: readonly string[];
  /** How it moved, for a person: `mean 0.82, reference 1.00`. */
  readonly movement: string;
}

/** The sentence and the record of an alarm: which feature, since when, how much, by what chance, which parts. */
export function explainAlarm(feature: DriftFeature, change: 'raised' | 'cleared', moment: AlarmMoment): DriftAlarm {
  const since = new Date(moment.sinceMs).toISOString();
  const from = moment.sinceResultId === null ? '' : ` (part ${moment.sinceResultId})`;
  const explanation =
    change === 'raised'
      ? `${feature.feature} has changed since ${since}${from}: ${moment.movement}. ${feature.effectName} ${figure(feature.effect)}, ` +
        `alarm from ${figure(feature.effectThreshold)}; chance of this without a change ${figure(feature.pValue)}, ${feature.samples} parts.`
      : `${feature.feature} is back at its reference since ${since}: ${moment.movement}. ${feature.effectName} ${figure(feature.effect)}.`;
  return {
    alarm: `drift.${feature.feature}`,
    state: change,
    feature: feature.feature,
    explanation: explanation.slice(0, limits.explanation),
    since,
    sinceResultId: moment.sinceResultId,
    pValue: feature.pValue,
    effectName: feature.effectName,
    effect: feature.effect,
    examples: moment.examples.slice(0, limits.examples),
  };
}

/** Three significant digits. */
export function figure(value: number): string {
  return value === 0 ? '0' : Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

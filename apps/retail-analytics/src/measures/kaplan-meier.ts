export interface Duration {
  readonly durationS: number;
  /** It ended because the person was lost from sight: the true duration is longer. */
  readonly censored: boolean;
}

export interface Survival {
  readonly count: number;
  /** Null where the curve does not come down so far: too much of it is censored. */
  readonly medianS: number | null;
  readonly p90S: number | null;
  readonly censoredShare: number;
}

/**
 * Product-limit estimate (Kaplan and Meier 1958) of how long people stay, with those who were lost from sight. At equal
 * times ends come before losses. A quantile is the first time at which at most that share still stays.
 */
export function kaplanMeier(durations: readonly Duration[]): Survival {
  const sorted = [...durations].sort((a, b) => a.durationS - b.durationS || Number(a.censored) - Number(b.censored));
  let atRisk = sorted.length;
  let staying = 1;
  let medianS: number | null = null;
  let p90S: number | null = null;
  for (let i = 0; i < sorted.length;) {
    const time = sorted[i]?.durationS ?? 0;
    let ended = 0;
    let gone = 0;
    for (; sorted[i]?.durationS === time; i += 1) {
      gone += 1;
      if (sorted[i]?.censored === false) ended += 1;
    }
    staying *= 1 - ended / atRisk;
    atRisk -= gone;
    if (ended > 0 && medianS === null && staying <= 0.5 + rounding) medianS = time;
    if (ended > 0 && p90S === null && staying <= 0.1 + rounding) p90S = time;
  }
  const censored = durations.filter((d) => d.censored).length;
  return {
    count: durations.length,
    medianS,
    p90S,
    censoredShare: durations.length === 0 ? 0 : censored / durations.length,
  };
}

/** Products of fractions miss 0.5 and 0.1 by their last digits. */
const rounding = 1e-12;

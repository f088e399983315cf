import { releaseMetrics, type ReleaseMetric } from '@edge-blueprints/contracts';
import type { PrivacyConfig } from './privacy-config.js';

/** Budget that one window of one metric has taken, in millionths of epsilon. Burnt ones count like released ones. */
export interface Spending {
  readonly metric: ReleaseMetric;
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly epsilonMicros: number;
}

export interface Allowances {
  readonly total: number;
  readonly perMetric: Readonly<Record<ReleaseMetric, number>>;
}

/**
 * The largest budget that any track which began in [from, to) has paid. A track counts in exactly the windows that hold the
 * moment of its beginning; so windows that overlap add up (sequential composition), and windows that do not overlap cost
 * each track only the dearer one (parallel composition: they are functions of disjoint sets of tracks).
 */
export function spentBetween(spendings: readonly Spending[], fromEpochMs: number, toEpochMs: number): number {
  const touching = spendings.filter((s) => s.fromEpochMs < toEpochMs && s.toEpochMs > fromEpochMs);
  const moments = new Set([fromEpochMs, ...touching.map((s) => Math.max(fromEpochMs, s.fromEpochMs))]);
  let most = 0;
  for (const moment of moments) {
    let sum = 0;
    for (const s of touching) if (s.fromEpochMs <= moment && moment < s.toEpochMs) sum += s.epsilonMicros;
    most = Math.max(most, sum);
  }
  return most;
}

export function createBudgetAccounts(allowances: Allowances) {
  const perMetric = new Map<ReleaseMetric, Spending[]>(releaseMetrics.map((metric) => [metric, []]));
  /** Windows are at most a day long; only the ones near are looked at. */
  const near = (metric: ReleaseMetric, fromEpochMs: number, toEpochMs: number): readonly Spending[] => {
    const all = perMetric.get(metric) ?? [];
    const found: Spending[] = [];
    for (let i = all.length - 1; i >= 0; i -= 1) {
      const spending = all[i];
      if (spending === undefined || spending.fromEpochMs < fromEpochMs - 2 * 86_400_000) break;
      if (spending.fromEpochMs < toEpochMs && spending.toEpochMs > fromEpochMs) found.push(spending);
    }
    return found;
  };
  const spent = (metric: ReleaseMetric, from: number, to: number): number =>
    spentBetween(near(metric, from, to), from, to);
  const spentTotal = (from: number, to: number): number =>
    spentBetween(
      releaseMetrics.flatMap((metric) => near(metric, from, to)),
      from,
      to,
    );
  return {
    add(spending: Spending): void {
      const list = perMetric.get(spending.metric) ?? [];
      let at = list.length;
      while (at > 0 && (list[at - 1]?.fromEpochMs ?? 0) > spending.fromEpochMs) at -= 1;
      list.splice(at, 0, spending);
    },
    spent,
    spentTotal,
    /** @returns why this window cannot be paid any more, or undefined */
    objection({ metric, fromEpochMs, toEpochMs, epsilonMicros }: Spending): string | undefined {
      const [used, allowed] = [spent(metric, fromEpochMs, toEpochMs), allowances.perMetric[metric]];
      if (used + epsilonMicros > allowed)
        return `${metric} has ${epsilon(used)} of ${epsilon(allowed)} spent on a window that overlaps, and ${epsilon(epsilonMicros)} more are asked`;
      const usedInAll = spentTotal(fromEpochMs, toEpochMs);
      return usedInAll + epsilonMicros > allowances.total
        ? `all metrics together have ${epsilon(usedInAll)} of ${epsilon(allowances.total)} spent, and ${epsilon(epsilonMicros)} more are asked`
        : undefined;
    },
  };
}
export type BudgetAccounts = ReturnType<typeof createBudgetAccounts>;

export function epsilon(micros: number): number {
  return micros / 1e6;
}

/** What may be spent, in millionths, from the privacy settings. */
export function allowancesOf(config: PrivacyConfig): Allowances {
  const total = Math.round(config.epsilonPerDay * 1e6);
  const of = (metric: ReleaseMetric): number =>
    Number((BigInt(total) * BigInt(Math.round(config.shares[metric] * 1e6))) / 1_000_000n);
  const [counts, visits, dwell, heat, queue, transitions] = releaseMetrics.map(of);
  return {
    total,
    perMetric: {
      counts: counts ?? 0,
      visits: visits ?? 0,
      dwell: dwell ?? 0,
      heat: heat ?? 0,
      queue: queue ?? 0,
      transitions: transitions ?? 0,
    },
  };
}

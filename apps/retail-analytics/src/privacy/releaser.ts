import {
  errorCode,
  errorMessage,
  releaseMetrics,
  UsageError,
  type Clock,
  type ReleaseMetric,
  type RetailRelease,
  type StorePlan,
} from '@edge-blueprints/contracts';
import type { WindowContributions } from '../measures/contribution.js';
import { allowancesOf } from './budget-accounts.js';
import { createLongWindows } from './long-windows.js';
import { noisyRelease } from './noisy-release.js';
import type { PrivacyConfig } from './privacy-config.js';
import type { BudgetLedger, RandomBits, Releaser, ReleaseOutcome, ReleaseRefusal } from './release-ports.js';
import { sumContributions, type WindowSums } from './window-sums.js';

export interface ReleaserOptions {
  readonly store: string;
  /** Nobody real is in this store; seeded bits are taken for such a store alone. */
  readonly simulated: boolean;
  readonly config: PrivacyConfig;
  readonly ledger: BudgetLedger;
  readonly bits: RandomBits;
  readonly clock: Clock;
}

/**
 * The only way from what tracks added to numbers that leave the store: bounds, reservation, noise, stored answer, in this order.
 *
 * Why the budget of a day holds: a track-visit is in the window in which it began and in no other, whole. Take it away, and
 * of every metric exactly one window changes, by at most the sensitivity; so this track pays each metric's share once,
 * however many windows a day has, and all shares together are at most `epsilonPerDay`. The ledger checks the same
 * from the other side: at no moment of the day may the windows that hold it have cost more.
 *
 * @throws UsageError `privacy.parameters` for seeded bits in a store that is not simulated
 */
export function createReleaser(options: ReleaserOptions): Releaser {
  const { store, simulated, config, ledger, bits, clock } = options;
  if (bits.source === 'seeded' && !simulated)
    throw new UsageError(
      'privacy.parameters',
      'Seeded randomness is for simulated stores; a real store takes the system bits.',
    );
  const { perMetric } = allowancesOf(config);
  const orderKey = bits.bytes(32);
  const beganAt = Math.ceil(clock.epochMs());
  const wanted = (span: 'short' | 'long'): readonly ReleaseMetric[] =>
    releaseMetrics.filter((metric) => perMetric[metric] > 0 && config.windows[metric] === span);
  const longWindows = createLongWindows(config.windows.longS * 1_000, wanted('long'));

  function answer(metric: ReleaseMetric, sums: WindowSums): RetailRelease | ReleaseRefusal {
    const { fromEpochMs, toEpochMs, plan } = sums;
    const refusal = (code: string, reason: string): ReleaseRefusal => ({
      metric,
      fromEpochMs,
      toEpochMs,
      code,
      reason,
    });
    const reserved = ledger.reserve({
      store,
      metric,
      fromEpochMs,
      toEpochMs,
      planRevision: plan.revision,
      epsilonMicros: perMetric[metric],
    });
    if (reserved.kind === 'stored') return reserved.release;
    if (reserved.kind === 'refused') return refusal(reserved.code, reserved.reason);
    try {
      const release = noisyRelease({
        metric,
        sums,
        store,
        simulated,
        config,
        epsilonMicros: perMetric[metric],
        ledger: reserved.ledger,
        bits,
      });
      ledger.confirm(release);
      return release;
    } catch (error) {
      // The reservation stays spent; what was computed is forgotten, so that nothing unstored is ever published.
      return refusal(errorCode(error), errorMessage(error));
    }
  }

  function outcome(asked: readonly { readonly metric: ReleaseMetric; readonly sums: WindowSums }[]): ReleaseOutcome {
    const answers = asked.map(({ metric, sums }) => answer(metric, sums));
    return {
      releases: answers.filter((a): a is RetailRelease => 'format' in a),
      refused: answers.filter((a): a is ReleaseRefusal => 'code' in a),
    };
  }

  return {
    release(window: WindowContributions, plan: StorePlan) {
      // This process has seen nobody before it began: a window that was cut by a restart starts here.
      const toEpochMs = Math.floor(window.toEpochMs);
      const begin = Math.ceil(window.fromEpochMs);
      const fromEpochMs = beganAt < toEpochMs ? Math.max(begin, beganAt) : begin;
      const settings = { plan, heatCellM: config.heatCellM, queueThresholdS: config.queueThresholdS, orderKey };
      const sums = sumContributions(
        { ...window, fromEpochMs, toEpochMs },
        [...wanted('short'), ...wanted('long')],
        settings,
      );
      const closed = longWindows.add(sums);
      return outcome([...wanted('short').map((metric) => ({ metric, sums })), ...closed]);
    },
    flush: () => outcome(longWindows.flush()),
    budget: () => ledger.view(clock.epochMs()),
    head: () => ledger.head(),
    history: (filter) => ledger.releases(filter),
    close: () => ledger.close(),
  };
}

import type { RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import type { StoreMeasures } from '../measures/measures-port.js';
import type { ReleaseOutcome, Releaser, ReleaseRefusal } from '../privacy/release-ports.js';

/**
 * Closed windows on their way out: measures -> releaser -> page and hub. The contributions of an open window are in memory
 * only, on purpose: a crash loses them, and the window that the store was away in says so by its coverage.
 */
export interface ReleaseDesk {
  /** A plan that windows may belong to from now on. */
  plan(plan: StorePlan): void;
  /** Releases what is due. Never throws: what cannot be released is refused with its reason. */
  tick(atMs: number): void;
  /** Cuts the open windows and releases them: at a clean stop. */
  finish(atMs: number): void;
  /** Newest last, bounded. */
  releases(): readonly RetailRelease[];
  refusals(): readonly ReleaseRefusal[];
}

const plansKept = 16;
const releasesKept = 120;
const refusalsKept = 50;

export function createReleaseDesk(options: {
  readonly measures: Pick<StoreMeasures, 'due' | 'cut' | 'take'>;
  readonly releaser: Pick<Releaser, 'release' | 'flush'>;
  readonly plan: StorePlan;
  /** Stored releases from before the start, oldest first. */
  readonly before: readonly RetailRelease[];
  readonly onRelease: (release: RetailRelease) => void;
  readonly onRefusal: (refusal: ReleaseRefusal) => void;
}): ReleaseDesk {
  const { measures, releaser } = options;
  const plans = new Map<number, StorePlan>([[options.plan.revision, options.plan]]);
  const kept: RetailRelease[] = options.before.slice(-releasesKept);
  const refused: ReleaseRefusal[] = [];

  const publish = ({ releases, refused: refusals }: ReleaseOutcome): void => {
    for (const release of releases) {
      kept.push(release);
      options.onRelease(release);
    }
    for (const refusal of refusals) {
      refused.push(refusal);
      options.onRefusal(refusal);
    }
    kept.splice(0, Math.max(0, kept.length - releasesKept));
    refused.splice(0, Math.max(0, refused.length - refusalsKept));
  };
  const release = (windows: ReturnType<StoreMeasures['due']>): void => {
    for (const window of windows) {
      const contributions = measures.take(window);
      const plan = plans.get(window.planRevision);
      if (plan !== undefined) publish(releaser.release(contributions, plan));
    }
  };
  return {
    plan: (plan) => {
      plans.set(plan.revision, plan);
      const oldest = plans.keys().next();
      if (plans.size > plansKept && oldest.done !== true) plans.delete(oldest.value);
    },
    tick: (atMs) => release(measures.due(atMs)),
    finish: (atMs) => {
      release(measures.due(atMs));
      release(measures.cut(atMs));
      publish(releaser.flush());
    },
    releases: () => kept,
    refusals: () => refused,
  };
}

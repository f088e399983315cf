import type { StorePlan, StoreQueueView } from '@edge-blueprints/contracts';
import { queueRules, trackRules } from './measure-rules.js';
import { PartyWatch } from './party-watch.js';
import type { PersonLife } from './person-life.js';
import { QueueStatistics } from './queue-statistics.js';
import { QueueWatch, type QueueLeave } from './queue-watch.js';
import { RollingCount, shown } from './rolling-count.js';

interface Desk {
  readonly watch: QueueWatch;
  readonly statistics: QueueStatistics;
  readonly abandoned: RollingCount;
}

/** All queues of the plan, and who came together. */
export class QueueDesk {
  readonly #parties = new PartyWatch();
  #desks: readonly Desk[] = [];

  constructor(plan: StorePlan) {
    this.setPlan(plan);
  }

  setPlan(plan: StorePlan): void {
    this.#desks = plan.queues.map((queue) => ({
      watch: new QueueWatch(queue),
      statistics: new QueueStatistics(),
      abandoned: new RollingCount(),
    }));
  }

  /** @returns who left a queue now */
  update(customers: readonly PersonLife[], dtMs: number, nowMs: number): readonly QueueLeave[] {
    const fresh = customers.filter((life) => nowMs - life.seenMs <= trackRules.freshMs);
    const alive = new Set(customers.map((life) => life.track));
    this.#parties.update(
      fresh.map(({ track, floor, velocity, standing }) => ({
        track,
        floor,
        velocity,
        walks: standing.sinceMs === undefined,
      })),
      nowMs,
    );
    this.#parties.keep((track) => alive.has(track));
    const parties = this.#parties.parties(fresh.map((life) => life.track));
    const people = fresh.map((life) => ({
      track: life.track,
      floor: life.floor,
      party: parties.get(life.track) ?? life.track,
      standingSinceMs: life.standing.sinceMs,
      seenMs: life.seenMs,
    }));
    return this.#desks.flatMap(({ watch, statistics, abandoned }) => {
      const leaves = watch.update(people, nowMs);
      statistics.length(watch.length, dtMs, nowMs);
      for (const leave of leaves) {
        statistics.leave(leave, nowMs);
        if (leave.visit.outcome === 'abandoned') abandoned.add(nowMs);
      }
      return leaves;
    });
  }

  /** Everybody leaves every queue: the plan is edited. */
  close(nowMs: number): readonly QueueLeave[] {
    return this.#desks.flatMap(({ watch }) => watch.close(nowMs));
  }

  lengths(): ReadonlyMap<string, { readonly length: number; readonly parties: number }> {
    return new Map(this.#desks.map(({ watch }) => [watch.queue.id, { length: watch.length, parties: watch.parties }]));
  }

  views(
    nowMs: number,
    minimum: number,
    isSeen: (queue: StorePlan['queues'][number]) => boolean,
  ): readonly StoreQueueView[] {
    return this.#desks.map(({ watch, statistics, abandoned }) => {
      const serviceS = statistics.serviceS(nowMs);
      const residual = statistics.littleResidual(nowMs);
      const longestMs = watch.longestWaitMs(nowMs);
      const isReliable = residual === null || residual <= queueRules.littleLimit;
      return {
        id: watch.queue.id,
        name: watch.queue.name,
        length: watch.length,
        parties: watch.parties,
        // The first is half way through its service on average.
        expectedWaitS: serviceS === null ? null : Math.round(Math.max(0, watch.parties - 0.5) * serviceS),
        longestWaitS: longestMs === null ? null : Math.round(longestMs / 1000),
        abandonedLastHour: shown(abandoned.lastHour(nowMs), minimum),
        littleResidual: residual,
        state: isSeen(watch.queue) ? (isReliable ? 'good' : 'unreliable') : 'unknown',
      };
    });
  }
}

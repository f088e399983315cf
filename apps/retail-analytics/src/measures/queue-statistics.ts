import { queueRules } from './measure-rules.js';
import type { QueueLeave } from './queue-watch.js';

const binMs = 60_000;
const bins = queueRules.littleMs / binMs;

interface Bin {
  readonly minute: number;
  lengthMs: number;
  observedMs: number;
  sojournMs: number;
  leaves: number;
  serviceMs: number;
  served: number;
}

/** What happened at one queue in the last quarter of an hour, in minutes without anybody in them. */
export class QueueStatistics {
  #bins: Bin[] = [];

  /** The line was this long until now. */
  length(people: number, dtMs: number, nowMs: number): void {
    const bin = this.#bin(nowMs);
    bin.lengthMs += people * dtMs;
    bin.observedMs += dtMs;
  }

  leave({ visit, leftAtMs, serviceS }: QueueLeave, nowMs: number): void {
    const bin = this.#bin(nowMs);
    bin.sojournMs += leftAtMs - visit.joinedAtMs;
    bin.leaves += 1;
    if (serviceS === null) return;
    bin.serviceMs += serviceS * 1000;
    bin.served += 1;
  }

  /**
   * |L - lambda W| / L: the mean length counted must be the rate of arrivals times the mean time in line. Null while too few
   * have left, or the queue was not watched for most of the time.
   */
  littleResidual(nowMs: number): number | null {
    const sums = this.#sums(nowMs);
    if (sums.leaves < queueRules.littleLeast || sums.observedMs < 0.8 * queueRules.littleMs) return null;
    if (sums.lengthMs === 0) return 1;
    return Math.abs(sums.lengthMs - sums.sojournMs) / sums.lengthMs;
  }

  /** Mean time at the service point; null where nobody was served lately. */
  serviceS(nowMs: number): number | null {
    const { served, serviceMs } = this.#sums(nowMs);
    return served === 0 ? null : serviceMs / served / 1000;
  }

  #bin(nowMs: number): Bin {
    const minute = Math.floor(nowMs / binMs);
    const last = this.#bins.at(-1);
    if (last?.minute === minute) return last;
    const fresh: Bin = { minute, lengthMs: 0, observedMs: 0, sojournMs: 0, leaves: 0, serviceMs: 0, served: 0 };
    this.#bins = [...this.#bins.slice(-bins), fresh];
    return fresh;
  }

  #sums(nowMs: number): Omit<Bin, 'minute'> {
    const first = Math.floor(nowMs / binMs) - bins;
    const sums = { lengthMs: 0, observedMs: 0, sojournMs: 0, leaves: 0, serviceMs: 0, served: 0 };
    for (const bin of this.#bins) {
      if (bin.minute < first) continue;
      sums.lengthMs += bin.lengthMs;
      sums.observedMs += bin.observedMs;
      sums.sojournMs += bin.sojournMs;
      sums.leaves += bin.leaves;
      sums.serviceMs += bin.serviceMs;
      sums.served += bin.served;
    }
    return sums;
  }
}

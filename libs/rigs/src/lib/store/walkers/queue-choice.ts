import type { FloorPoint } from '@edge-blueprints/contracts';
import { leftOf } from './floor-geometry.js';
import type { QueueLine } from './queue-line.js';
import type { Walker } from './walker.js';

/** A chain is walked up to from behind its straight part, never through the lane. */
const nearestJoinM = 1.4;
/** A queue of more people than this is left standing. */
const longestQueue = 9;

/** The shortest queue that has room, the nearer one of two as short. */
export function chooseQueue(queues: readonly QueueLine[], from: FloorPoint, people: number): QueueLine | undefined {
  const awayM = (queue: QueueLine): number => {
    const [x, y] = queue.at(queue.tailM(false));
    return Math.hypot(x - from[0], y - from[1]);
  };
  const cost = (queue: QueueLine): number => queue.people + 0.1 * awayM(queue);
  return queues
    .filter((queue) => queue.hasRoom(people) && queue.people < longestQueue)
    .reduce<QueueLine | undefined>(
      (best, queue) => (best === undefined || cost(queue) < cost(best) ? queue : best),
      undefined,
    );
}

/** Where somebody walks to in order to join. */
export function approachOf(queue: QueueLine, walker: Walker): FloorPoint {
  return queue.at(Math.max(nearestJoinM, queue.tailM(walker.pushes !== 'nothing')));
}

/** A point behind the tail of each chain that the straight way would cut through, in the order met. */
export function wayAround(from: FloorPoint, to: FloorPoint | undefined, queues: readonly QueueLine[]): FloorPoint[] {
  if (to === undefined) return [];
  return queues
    .flatMap((queue): FloorPoint[] => {
      if (queue.people < 2) return [];
      const first = queue.at(0);
      const behind = queue.at(queue.tailM(false) + 0.5);
      const ends = Math.hypot(to[0] - behind[0], to[1] - behind[1]);
      const cuts =
        leftOf(from, first, behind) * leftOf(to, first, behind) < 0 &&
        leftOf(first, from, to) * leftOf(behind, from, to) < 0;
      return cuts && ends > 1 ? [behind] : [];
    })
    .sort((a, b) => Math.hypot(a[0] - from[0], a[1] - from[1]) - Math.hypot(b[0] - from[0], b[1] - from[1]));
}

import type { Detection } from '@edge-blueprints/contracts';
import { createTracker } from '@edge-blueprints/vision';
import type { Tracker, TrackerOptions } from '@edge-blueprints/vision';

/**
 * A tracker whose score limits are counted from the bundle's own threshold of "person": a detection at that threshold enters
 * with score 0.5, which is where a tracker takes a person as found. Every model spreads its scores differently; without this a
 * model whose best threshold is 0.3 would start hardly any track.
 *
 * @param threshold of the bundle, above 0 and below 1
 */
export function createPeopleTracker(options: TrackerOptions, threshold: number): Tracker {
  const tracker = createTracker(options);
  return {
    counters: () => tracker.counters(),
    update: (people, atMs) =>
      tracker.update(
        people.map((person): Detection => ({ ...person, score: levelled(person.score, threshold) })),
        atMs,
      ),
  };
}

/** 0 stays 0, the threshold becomes 0.5, 1 stays 1, straight lines between. */
export function levelled(score: number, threshold: number): number {
  return score <= threshold ? (0.5 * score) / threshold : 0.5 + (0.5 * (score - threshold)) / (1 - threshold);
}

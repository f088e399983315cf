import { createAssigner } from '../tracking/limited-assignment.js';
import type { MotSequence } from './mot-sequence.js';

/** Counts of one sequence; add them up and score the sum. */
export interface ClearMotCounts {
  /** True boxes. */
  readonly truths: number;
  readonly matches: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** A true object continues under another track. */
  readonly idSwitches: number;
  /** A true object is lost and found again. */
  readonly fragmentations: number;
  /** True objects tracked in at least 80 %, 20 to 80 %, below 20 % of their frames. */
  readonly mostlyTracked: number;
  readonly partlyTracked: number;
  readonly mostlyLost: number;
  /** Sum of 1 - IoU over the matches. */
  readonly distance: number;
  /** True objects that were matched at least once. */
  readonly objectsFound: number;
  /** Pairs of an object and a track that were ever matched: over `objectsFound`, tracks per person. */
  readonly objectTracks: number;
}

export interface ClearMotScores {
  readonly mota: number;
  /** Mean IoU of the matches. */
  readonly motp: number;
  readonly recall: number;
  readonly precision: number;
}

/**
 * CLEAR MOT: a pair that matched before is kept while it still overlaps by `minIou`; the others are matched so that as
 * many as possible match, with the least sum of distances.
 * @see Bernardin and Stiefelhagen, Evaluating multiple object tracking performance, EURASIP JIVP 2008
 */
export function clearMot(sequence: MotSequence, minIou = 0.5): ClearMotCounts {
  const assign = createAssigner();
  const trackOf = new Int32Array(sequence.objects).fill(-1);
  const present = new Int32Array(sequence.objects);
  const tracked = new Int32Array(sequence.objects);
  /** Of an object that was found before: was it missed since? */
  const missedSince = new Uint8Array(sequence.objects);
  const pairs = new Set<number>();
  let [truths, matches, falsePositives, idSwitches, fragmentations, distance] = [0, 0, 0, 0, 0, 0];
  for (const { objects, tracks, overlaps } of sequence.frames) {
    const columns = tracks.length;
    const columnOf = new Int32Array(objects.length).fill(-1);
    const takenColumn = new Uint8Array(columns);
    const matchable = (row: number, column: number): boolean =>
      1 - (overlaps[row * columns + column] ?? 0) <= 1 - minIou;
    objects.forEach((object, row) => {
      const before = trackOf[object] ?? -1;
      const column = before === -1 ? -1 : tracks.indexOf(before);
      if (column === -1 || takenColumn[column] === 1 || !matchable(row, column)) return;
      columnOf[row] = column;
      takenColumn[column] = 1;
    });
    const costs = new Float64Array(objects.length * columns).fill(NaN);
    for (let row = 0; row < objects.length; row += 1) {
      if (columnOf[row] !== -1) continue;
      for (let column = 0; column < columns; column += 1) {
        if (takenColumn[column] === 0 && matchable(row, column))
          costs[row * columns + column] = 1 - (overlaps[row * columns + column] ?? 0);
      }
    }
    // More than all distances of a frame can add up to: one match more is worth any distance.
    const assigned = assign(costs, objects.length, columns, objects.length + columns + 1);
    let found = 0;
    objects.forEach((object, row) => {
      present[object] = (present[object] ?? 0) + 1;
      const kept = (columnOf[row] ?? -1) !== -1;
      const column = kept ? (columnOf[row] ?? -1) : (assigned[row] ?? -1);
      if (column === -1) {
        if ((trackOf[object] ?? -1) !== -1) missedSince[object] = 1;
        return;
      }
      const track = tracks[column] ?? -1;
      if (!kept && (trackOf[object] ?? -1) !== -1 && trackOf[object] !== track) idSwitches += 1;
      if (missedSince[object] === 1) fragmentations += 1;
      missedSince[object] = 0;
      trackOf[object] = track;
      pairs.add(object * sequence.tracks + track);
      tracked[object] = (tracked[object] ?? 0) + 1;
      distance += 1 - (overlaps[row * columns + column] ?? 0);
      found += 1;
    });
    truths += objects.length;
    matches += found;
    falsePositives += columns - found;
  }
  const shares = [...present].map((frames, object) => (tracked[object] ?? 0) / frames);
  return {
    truths,
    matches,
    falsePositives,
    falseNegatives: truths - matches,
    idSwitches,
    fragmentations,
    mostlyTracked: shares.filter((share) => share >= 0.8).length,
    partlyTracked: shares.filter((share) => share >= 0.2 && share < 0.8).length,
    mostlyLost: shares.filter((share) => share < 0.2).length,
    distance,
    objectsFound: tracked.filter((frames) => frames > 0).length,
    objectTracks: pairs.size,
  };
}

/** NaN where there is nothing to divide by. */
export function clearMotScores(counts: ClearMotCounts): ClearMotScores {
  const { truths, matches, falsePositives, falseNegatives, idSwitches, distance } = counts;
  return {
    mota: 1 - (falsePositives + falseNegatives + idSwitches) / truths,
    motp: 1 - distance / matches,
    recall: matches / truths,
    precision: matches / (matches + falsePositives),
  };
}

export function addClearMot(parts: readonly ClearMotCounts[]): ClearMotCounts {
  const sum = (of: (counts: ClearMotCounts) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    truths: sum((c) => c.truths),
    matches: sum((c) => c.matches),
    falsePositives: sum((c) => c.falsePositives),
    falseNegatives: sum((c) => c.falseNegatives),
    idSwitches: sum((c) => c.idSwitches),
    fragmentations: sum((c) => c.fragmentations),
    mostlyTracked: sum((c) => c.mostlyTracked),
    partlyTracked: sum((c) => c.partlyTracked),
    mostlyLost: sum((c) => c.mostlyLost),
    distance: sum((c) => c.distance),
    objectsFound: sum((c) => c.objectsFound),
    objectTracks: sum((c) => c.objectTracks),
  };
}

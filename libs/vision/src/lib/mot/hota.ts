import { createAssigner } from '../tracking/limited-assignment.js';
import type { MotSequence } from './mot-sequence.js';

/** Means over the 19 overlap thresholds 0.05 to 0.95. */
export interface HotaScore {
  readonly hota: number;
  readonly detection: number;
  readonly association: number;
  readonly localisation: number;
}

const thresholds = Array.from({ length: 19 }, (_, i) => 0.05 * (i + 1));
const epsilon = Number.EPSILON;

/**
 * HOTA of one sequence. Objects and tracks that go together over the whole sequence are preferred in the matching of each
 * frame; the matching is made once and looked at with every threshold.
 * @see Luiten et al., HOTA, arXiv 2009.07736
 */
export function hotaScore(sequence: MotSequence): HotaScore {
  const { objects: objectCount, tracks: trackCount, frames } = sequence;
  const cells = objectCount * trackCount;
  const objectFrames = new Float64Array(objectCount);
  const trackFrames = new Float64Array(trackCount);
  const alignment = alignmentOf(sequence, objectFrames, trackFrames);
  const matched = thresholds.map(() => new Float64Array(cells));
  const truePositives = new Float64Array(thresholds.length);
  const overlapSums = new Float64Array(thresholds.length);
  const assign = createAssigner();
  let [truths, found] = [0, 0];
  for (const { objects, tracks, overlaps } of frames) {
    truths += objects.length;
    found += tracks.length;
    if (objects.length === 0 || tracks.length === 0) continue;
    const costs = overlaps.map(
      (overlap, i) =>
        -overlap *
        (alignment[(objects[Math.floor(i / tracks.length)] ?? 0) * trackCount + (tracks[i % tracks.length] ?? 0)] ?? 0),
    );
    assign(costs, objects.length, tracks.length, 0).forEach((column, row) => {
      if (column === -1) return;
      const overlap = overlaps[row * tracks.length + column] ?? 0;
      const cell = (objects[row] ?? 0) * trackCount + (tracks[column] ?? 0);
      thresholds.forEach((threshold, t) => {
        if (overlap < threshold - epsilon) return;
        truePositives[t] = (truePositives[t] ?? 0) + 1;
        overlapSums[t] = (overlapSums[t] ?? 0) + overlap;
        const counts = matched[t];
        if (counts) counts[cell] = (counts[cell] ?? 0) + 1;
      });
    });
  }

  const perThreshold = thresholds.map((_, t) => {
    const hits = truePositives[t] ?? 0;
    let together = 0;
    matched[t]?.forEach((count, cell) => {
      if (count === 0) return;
      const union = (objectFrames[Math.floor(cell / trackCount)] ?? 0) + (trackFrames[cell % trackCount] ?? 0) - count;
      together += (count * count) / Math.max(1, union);
    });
    const association = together / Math.max(1, hits);
    const detection = hits / Math.max(1, truths + found - hits);
    return {
      hota: Math.sqrt(detection * association),
      detection,
      association,
      localisation: Math.max(1e-10, overlapSums[t] ?? 0) / Math.max(1e-10, hits),
    };
  });
  const mean = (of: (score: HotaScore) => number): number =>
    perThreshold.reduce((sum, score) => sum + of(score), 0) / thresholds.length;
  return {
    hota: mean((s) => s.hota),
    detection: mean((s) => s.detection),
    association: mean((s) => s.association),
    localisation: mean((s) => s.localisation),
  };
}

/** How well each object and each track go together over the sequence, 0 to 1; counts the frames of both on the way. */
function alignmentOf(sequence: MotSequence, objectFrames: Float64Array, trackFrames: Float64Array): Float64Array {
  const trackCount = sequence.tracks;
  const together = new Float64Array(sequence.objects * trackCount);
  for (const { objects, tracks, overlaps } of sequence.frames) {
    const columns = tracks.length;
    const rowSums = new Float64Array(objects.length);
    const columnSums = new Float64Array(columns);
    overlaps.forEach((overlap, i) => {
      const row = Math.floor(i / columns);
      rowSums[row] = (rowSums[row] ?? 0) + overlap;
      columnSums[i % columns] = (columnSums[i % columns] ?? 0) + overlap;
    });
    overlaps.forEach((overlap, i) => {
      const row = Math.floor(i / columns);
      const column = i % columns;
      const all = (rowSums[row] ?? 0) + (columnSums[column] ?? 0) - overlap;
      if (all <= epsilon) return;
      const cell = (objects[row] ?? 0) * trackCount + (tracks[column] ?? 0);
      together[cell] = (together[cell] ?? 0) + overlap / all;
    });
    for (const object of objects) objectFrames[object] = (objectFrames[object] ?? 0) + 1;
    for (const track of tracks) trackFrames[track] = (trackFrames[track] ?? 0) + 1;
  }
  return together.map(
    (sum, cell) =>
      sum / ((objectFrames[Math.floor(cell / trackCount)] ?? 0) + (trackFrames[cell % trackCount] ?? 0) - sum),
  );
}

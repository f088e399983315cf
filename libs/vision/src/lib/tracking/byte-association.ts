import { intersectionOverUnion } from '../intersection-over-union.js';
import { createHeightFilter } from './height-filter.js';
import type { Association, LiveTrack } from './live-track.js';
import { createPairing, type PairCost } from './pairing.js';
import type { ByteSettings } from './tracker-options.js';

const expected = (track: LiveTrack): LiveTrack['expected'] => track.expected;
const overlapAndScore: PairCost = (overlap, { score }) => 1 - overlap * score;

/**
 * ByteTrack: strong detections first; tracks seen a moment ago then take weak ones, which are more often hidden people
 * than nothing at all; a weak detection never starts a track. A track that was seen once only must be seen again at the
 * next moment.
 * @see Zhang et al., ByteTrack, arXiv 2110.06864, algorithm 1
 */
export function createByteAssociation(settings: ByteSettings): Association {
  const pair = createPairing();
  const { highScore, lowScore, newScore } = settings;
  return {
    createFilter: createHeightFilter,
    holdsNew: true,
    pair(tracks, detections) {
      const unconfirmed = tracks.filter((track) => !track.confirmed);
      const first = pair({
        tracks: tracks.filter((track) => track.confirmed),
        detections: detections.filter(({ score }) => score > highScore),
        boxOf: expected,
        cost: overlapAndScore,
        limit: settings.firstLimit,
      });
      pair({
        tracks: first.tracks.filter((track) => track.seenBefore),
        detections: detections.filter(({ score }) => score > lowScore && score < highScore),
        boxOf: expected,
        cost: (overlap) => 1 - overlap,
        limit: settings.secondLimit,
      });
      const third = pair({
        tracks: unconfirmed,
        detections: first.detections,
        boxOf: expected,
        cost: overlapAndScore,
        limit: settings.unconfirmedLimit,
      });
      for (const track of third.tracks) track.ended = true;
      return third.detections.filter(({ score }) => score >= newScore);
    },
    settle: (tracks) => endDuplicates(tracks, settings.duplicateIou),
  };
}

/** A lost track that another one has grown into: the one with the longer life stays. */
function endDuplicates(tracks: readonly LiveTrack[], duplicateIou: number): void {
  const lost = tracks.filter((track) => !track.ended && track.detection === undefined);
  if (lost.length === 0) return;
  for (const seen of tracks) {
    if (seen.detection === undefined) continue;
    for (const other of lost) {
      if (intersectionOverUnion(seen.expected, other.expected) <= duplicateIou) continue;
      const seenLife = seen.seenAtMs - seen.bornAtMs;
      const otherLife = other.seenAtMs - other.bornAtMs;
      if (seenLife > otherLife) other.ended = true;
      else seen.ended = true;
    }
  }
}

import { type FhirResource, news2Observation, type WardStay } from '@edge-blueprints/clinical-io';
import type { News2Score } from '@edge-blueprints/contracts';

export interface ScoreReports {
  /** A set of manual observations was written: scores that go by it will name it. */
  remember(stay: WardStay, atMs: number, observationIds: readonly string[]): void;
  /** @returns the Observation when the score is another one than the last that was written */
  take(stay: WardStay, score: News2Score, atMs: number, wallOffsetMs: number): FhirResource | undefined;
}

/** Changes within one band are written at most this often; a change of band at once. */
const settleMs = 5_000;
const keptSets = 16;

interface Written {
  readonly text: string;
  readonly band: News2Score['band'];
  readonly atMs: number;
}

interface BedScores {
  readonly stay: string;
  written: Written | undefined;
  sets: readonly { readonly atMs: number; readonly ids: readonly string[] }[];
}

/** NEWS2 (Royal College of Physicians, 2017): one Observation for each change of what is known. One stay a bed is remembered. */
export function createScoreReports(): ScoreReports {
  const beds = new Map<string, BedScores>();
  const bedOf = ({ bed, stay }: WardStay): BedScores => {
    const known = beds.get(bed);
    if (known?.stay === stay) return known;
    const fresh: BedScores = { stay, written: undefined, sets: [] };
    beds.set(bed, fresh);
    return fresh;
  };
  return {
    remember(stay, atMs, ids) {
      const known = bedOf(stay);
      known.sets = [...known.sets, { atMs, ids }].slice(-keptSets);
    },
    take(stay, score, atMs, wallOffsetMs) {
      const known = bedOf(stay);
      const text = JSON.stringify([score.scale, score.total, score.lo, score.hi, score.band, score.red, points(score)]);
      const { written } = known;
      if (written?.text === text) return undefined;
      if (written?.band === score.band && atMs - written.atMs < settleMs) return undefined;
      known.written = { text, band: score.band, atMs };
      // The desk names a set `manual/{bed}/{journal ms}/{number}`.
      const sets = new Set(score.observations.flatMap((id) => /^manual\/.+\/(\d+)\/\d+$/.exec(id)?.[1] ?? []));
      return news2Observation({
        stay,
        score,
        atMs: atMs + wallOffsetMs,
        scoreId: String(atMs),
        observationIds: known.sets.flatMap((set) => (sets.has(String(set.atMs)) ? set.ids : [])),
      });
    },
  };
}

const points = ({ subScores }: News2Score) => subScores.map(({ lo, hi, missing }) => [lo, hi, missing]);

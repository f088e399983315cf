import type { News2Score, News2SubScore } from '@edge-blueprints/contracts';
import { type FhirResource, instant } from './fhir-elements.js';
import { resourceId } from './resource-id.js';
import { absentReason, concept, local, news2SubScoreCode, news2Total, ucum } from './terminology.js';
import { category, patientReference, type WardStay } from './ward-place.js';

export interface ScoredAt {
  readonly stay: WardStay;
  readonly score: News2Score;
  readonly atMs: number;
  /** Names the calculation, for instance its number in the journal. */
  readonly scoreId: string;
  /** Ids of the Observation resources that it was calculated from. */
  readonly observationIds: readonly string[];
}

/**
 * NEWS2 as an Observation with a component for each of the seven parameters. Incomplete: no value but `dataAbsentReason`, and
 * components `lo` and `hi` with the bounds; a component that is not known says why, and never 0.
 * Royal College of Physicians, NEWS2, 2017.
 */
export function news2Observation({ stay, score, atMs, scoreId, observationIds }: ScoredAt): FhirResource {
  return {
    resourceType: 'Observation',
    id: resourceId('Observation', stay.site, stay.ward, stay.bed, stay.stay, 'news2', scoreId),
    status: 'final',
    category: category('survey'),
    code: { coding: [news2Total], text: 'NEWS2' },
    subject: patientReference(stay),
    effectiveDateTime: instant(atMs),
    issued: instant(atMs),
    ...(score.total === undefined
      ? { dataAbsentReason: absentReason('unknown') }
      : { valueQuantity: ucum(score.total, '{score}', 'score') }),
    interpretation: [concept(local(`news2-${score.band}`))],
    method: { text: `${score.algorithm}, SpO2 scale ${score.scale}` },
    ...(observationIds.length > 0
      ? { derivedFrom: observationIds.map((id) => ({ reference: `Observation/${id}` })) }
      : {}),
    component: [
      ...score.subScores.map((part) => subScore(part, score)),
      ...(score.total === undefined
        ? [
            { code: concept(local('news2-lo', 'Least total that is certain')), valueQuantity: points(score.lo) },
            {
              code: concept(local('news2-hi', 'Greatest total that cannot be excluded')),
              valueQuantity: points(score.hi),
            },
          ]
        : []),
    ],
  };
}

const points = (value: number) => ucum(value, '{score}', 'score');

function subScore(part: News2SubScore, score: News2Score) {
  return {
    code: concept(news2SubScoreCode(part.parameter, score.scale)),
    ...(part.points === undefined
      ? { dataAbsentReason: absentReason(part.missing ?? 'unknown') }
      : { valueQuantity: points(part.points) }),
    ...(score.red.includes(part.parameter) ? { interpretation: [concept(local('news2-red'))] } : {}),
  };
}

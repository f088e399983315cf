import { type FhirResource, riskResources, type RiskModel, type WardStay } from '@edge-blueprints/clinical-io';
import type { AdvisoryOutcome } from '../model/advisory-lane.js';

/** The model that is in use, its card, and what it foretells. */
export interface ReportedModel extends RiskModel {
  readonly card: string;
  readonly horizonMs: number;
  /** "Rapid response call or transfer to intensive care" */
  readonly outcome: string;
}

export interface AdvisoryReports {
  /** RiskAssessment and Provenance when an advisory is raised, changes by a tenth, or is no longer raised. */
  take(
    stay: WardStay,
    outcome: AdvisoryOutcome,
    atMs: number,
    more: { readonly wallOffsetMs: number; readonly observationIds: readonly string[] },
  ): readonly FhirResource[];
}

const tellingChange = 0.1;
const shownShares = 5;

export function createAdvisoryReports(model: ReportedModel): AdvisoryReports {
  const beds = new Map<string, { readonly stay: string; readonly raised: boolean; readonly probability: number }>();
  return {
    take(stay, outcome, atMs, { wallOffsetMs, observationIds }) {
      if (outcome.kind !== 'advice') return [];
      const { probability, raised, explanation } = outcome.view;
      const known = beds.get(stay.bed);
      const before = known?.stay === stay.stay ? known : { raised: false, probability: 0 };
      const moved = Math.abs(probability - before.probability) >= tellingChange;
      if (before.raised === raised && !(raised && moved)) return [];
      beds.set(stay.bed, { stay: stay.stay, raised, probability });
      return riskResources({
        stay,
        advisoryId: String(atMs),
        atMs: atMs + wallOffsetMs,
        model,
        probability,
        horizonMs: model.horizonMs,
        outcome: model.outcome,
        observationIds,
        inputSha256: outcome.input.facts['input'] ?? '',
        explanation: explanation
          .slice(0, shownShares)
          .map(({ feature, share }) => `${feature} ${share >= 0 ? '+' : ''}${share.toFixed(3)}`)
          .join(', '),
      });
    },
  };
}

import { assumedFrom, resolveAssumptions, type Assumption } from './assumptions.js';
import type { Figure } from './figure.js';
import { pilotDevices } from './fleet.js';
import { estimate, type Estimate, type FittingOption } from './estimate.js';
import type { PlanInput } from './plan-input.js';
import { risksOf, type Risk } from './risks.js';
import { sensitivity, type Swing } from './sensitivity.js';
import type { TargetFacts } from './target-facts.js';
import { timelineOf, type Timeline } from './timeline.js';
import { useCaseOf, type UseCase } from './use-case.js';

/** The whole plan, ready for JSON and for paper. */
export interface Plan extends Omit<Estimate, 'chosen'> {
  readonly format: 'edge-plan-result/1';
  readonly input: PlanInput;
  readonly useCase: UseCase;
  readonly chosen: string | null;
  readonly sensitivity: readonly Swing[];
  readonly timeline: Timeline;
  /** null where no target fits. */
  readonly pilotDevices: Figure | null;
  readonly risks: readonly Risk[];
  readonly assumptions: readonly Assumption[];
}

/** Works a plan out. Pure: the same input, targets and version give the same plan to the last digit. */
export function makePlan(input: PlanInput, targets: readonly TargetFacts[]): Plan {
  const assumptions = resolveAssumptions(input.assumptions);
  const assumed = assumedFrom(assumptions);
  const { chosen, ...found } = estimate(input, targets, assumed);
  const swings = chosen?.cost === undefined ? [] : sensitivity(input, targets, assumptions, chosen.option.target);
  const useCase = useCaseOf(input, found.network, assumed);
  const timeline = timelineOf(input, assumed);
  return {
    format: 'edge-plan-result/1',
    input,
    ...found,
    useCase,
    chosen: chosen?.option.target ?? null,
    sensitivity: swings,
    timeline,
    pilotDevices:
      chosen === undefined ? null : pilotDevices(input, chosen.fleet, timeline.pilotStations.value, assumed),
    risks: risksOf(input, { ...found, chosen }, useCase, swings, assumed),
    assumptions,
  };
}

/** The option that the plan is made with. */
export function chosenOption(plan: Plan): FittingOption | undefined {
  const found = plan.options.find(({ option }) => option.target === plan.chosen);
  return found?.fits === true ? found : undefined;
}

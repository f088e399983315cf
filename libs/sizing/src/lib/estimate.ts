import type { Assumed } from './assumptions.js';
import { cloudCost } from './cloud-cost.js';
import type { Cost, CostSheet } from './cost.js';
import { edgeCost } from './edge-cost.js';
import { fleetOf, type Fleet } from './fleet.js';
import { lifecycleOf, type Lifecycle } from './lifecycle.js';
import { networkOf, type SiteNetwork } from './network.js';
import type { HardwareOption, PlanInput } from './plan-input.js';
import type { Sourced } from './sourced.js';
import type { TargetFacts } from './target-facts.js';

export interface Priced {
  /** undefined while a price is missing. */
  readonly cost: Cost | undefined;
  /** Inputs to ask a quotation for. */
  readonly missing: readonly string[];
  readonly prices: readonly Sourced[];
}

export interface FittingOption extends Priced {
  readonly fits: true;
  readonly target: TargetFacts;
  readonly option: HardwareOption;
  readonly fleet: Fleet;
  readonly lifecycle: Lifecycle;
}

export interface RefusedOption {
  readonly fits: false;
  readonly target: TargetFacts;
  readonly option: HardwareOption;
  readonly refused: readonly string[];
}

export interface Estimate {
  readonly options: readonly (FittingOption | RefusedOption)[];
  readonly network: readonly SiteNetwork[];
  readonly cloud: Priced;
  /** The plan's choice, else the cheapest that fits, else the one with the fewest devices; undefined where none fits. */
  readonly chosen: FittingOption | undefined;
}

/** All figures for one set of assumptions; the sensitivity runs it again and again. */
export function estimate(plan: PlanInput, targets: readonly TargetFacts[], assumed: Assumed): Estimate {
  const network = plan.sites.map((site) => networkOf(plan, site, assumed));
  const options = plan.options.flatMap((option) => {
    const target = targets.find(({ id }) => id === option.target);
    return target === undefined ? [] : [estimateOption(plan, option, target, assumed)];
  });
  return { options, network, cloud: priced(cloudCost(plan, network, assumed), assumed), chosen: choose(plan, options) };
}

function estimateOption(
  plan: PlanInput,
  option: HardwareOption,
  target: TargetFacts,
  assumed: Assumed,
): FittingOption | RefusedOption {
  const fleet = fleetOf(plan, option, target, assumed);
  if ('refused' in fleet) return { fits: false, target, option, refused: fleet.refused };
  const lifecycle = lifecycleOf(plan, option, target, fleet.devices.value, fleet.failuresPerYear.value, assumed);
  return {
    fits: true,
    target,
    option,
    fleet,
    lifecycle,
    ...priced(edgeCost(plan, option, fleet, lifecycle, assumed), assumed),
  };
}

function priced(sheet: CostSheet, assumed: Assumed): Priced {
  return { cost: sheet.total(assumed), missing: sheet.missing, prices: sheet.sources };
}

function choose(plan: PlanInput, options: readonly (FittingOption | RefusedOption)[]): FittingOption | undefined {
  const fitting = options.filter((option) => option.fits);
  if (plan.choice !== undefined) return fitting.find(({ option }) => option.target === plan.choice);
  const fewest = (a: FittingOption, b: FittingOption): number => a.fleet.devices.value - b.fleet.devices.value;
  const dear = ({ cost }: FittingOption): number => cost?.total ?? Number.POSITIVE_INFINITY;
  // Two options without a sum compare as NaN, which `||` passes on to the number of devices.
  return [...fitting].sort((a, b) => dear(a) - dear(b) || fewest(a, b))[0];
}

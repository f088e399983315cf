import type { Assumed } from './assumptions.js';
import { figure, type Figure } from './figure.js';
import type { SiteNetwork } from './network.js';
import type { PlanInput } from './plan-input.js';

export interface UseCaseCheck {
  readonly question: string;
  /** edge: a cloud cannot do it. either: both can. */
  readonly verdict: 'edge' | 'either';
  readonly because: string;
  readonly figures: readonly Figure[];
}

export interface UseCase {
  /** needed: at least one check leaves no other way. a matter of cost: every check can be met from a cloud. */
  readonly edge: 'needed' | 'a matter of cost';
  readonly checks: readonly UseCaseCheck[];
}

/** Is the edge needed at all: the question before any hardware. */
export function useCaseOf(plan: PlanInput, network: readonly SiteNetwork[], assumed: Assumed): UseCase {
  const checks = [latencyCheck(plan, assumed), bandwidthCheck(network), outageCheck(plan, assumed), privacyCheck(plan)];
  return { edge: checks.some(({ verdict }) => verdict === 'edge') ? 'needed' : 'a matter of cost', checks };
}

function latencyCheck({ workload }: PlanInput, assumed: Assumed): UseCaseCheck {
  const cloud = assumed('camera.delivery') + assumed('cloud.round-trip') + assumed('cloud.inference');
  const late = cloud > workload.deadlineMs;
  return {
    question: 'Can a cloud answer in time?',
    verdict: late ? 'edge' : 'either',
    because: `a cloud answers in some ${Math.round(cloud)} ms (99th percentile), the deadline is ${workload.deadlineMs} ms`,
    figures: [
      figure(cloud, 'ms', 'picture in memory + round trip + inference', [
        'camera.delivery',
        'cloud.round-trip',
        'cloud.inference',
      ]),
    ],
  };
}

function bandwidthCheck(network: readonly SiteNetwork[]): UseCaseCheck {
  const full = network.filter(({ cloudFits }) => !cloudFits);
  return {
    question: 'Do the links carry all pictures?',
    // More link can be bought: its price stands in the cloud's sum.
    verdict: 'either',
    because:
      full.length === 0
        ? 'all sites could send every picture over the link that they have'
        : `${full.length} of ${network.length} sites would need a larger link; its price is in the sum of the cloud`,
    figures: network.map(({ cloudMegabits }) => cloudMegabits),
  };
}

function outageCheck({ workload }: PlanInput, assumed: Assumed): UseCaseCheck {
  const repair = assumed('network.repair');
  const stands = workload.outageToleratedMinutes < repair;
  return {
    question: 'May the work stand still while the link is down?',
    verdict: stands ? 'edge' : 'either',
    because: stands
      ? `${workload.outageToleratedMinutes} minutes are tolerated; the repair of a link takes ${repair} or more`
      : `${workload.outageToleratedMinutes} minutes are tolerated, as long as the repair of a link takes`,
    figures: [figure(repair, 'min', 'repair of a link', ['network.repair'])],
  };
}

function privacyCheck({ workload }: PlanInput): UseCaseCheck {
  const { shows } = workload;
  const reasons = {
    'nothing protected': 'the pictures show nothing that is protected',
    'trade secrets': 'the pictures show trade secrets: a contract with the cloud can cover them, ask the owner',
    people: 'the pictures show people: what never leaves the site needs no transfer to be justified',
    patients: 'the pictures show patients: data of health should not leave the ward without need',
  } as const;
  return {
    question: 'May the pictures leave the site?',
    verdict: shows === 'people' || shows === 'patients' ? 'edge' : 'either',
    because: reasons[shows],
    figures: [],
  };
}

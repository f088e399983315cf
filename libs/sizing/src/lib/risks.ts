import type { Assumed } from './assumptions.js';
import type { Estimate, FittingOption } from './estimate.js';
import type { PlanInput } from './plan-input.js';
import type { Sourced } from './sourced.js';
import type { Swing } from './sensitivity.js';
import type { UseCase } from './use-case.js';

export interface Risk {
  readonly weight: 'high' | 'medium' | 'low';
  readonly risk: string;
  readonly answer: string;
}

/** What the figures themselves say can go wrong; nothing here is written for every client alike. */
export function risksOf(
  plan: PlanInput,
  found: Estimate,
  useCase: UseCase,
  swings: readonly Swing[],
  assumed: Assumed,
): readonly Risk[] {
  const { chosen } = found;
  if (chosen === undefined) return [];
  const risks = [
    ...speedRisks(chosen),
    ...heatRisks(chosen),
    ...idleRisks(plan, chosen, assumed),
    ...supplyRisks(plan, chosen),
    ...priceRisks(plan, [...chosen.prices, ...found.cloud.prices], assumed),
    ...linkRisks(found),
    ...swings
      .filter(({ turnsDecision }) => turnsDecision)
      .slice(0, 3)
      .map(({ title, low, high, unit }): Risk => ({
        // Where the edge is needed anyhow, a sum decides nothing.
        weight: useCase.edge === 'needed' ? 'low' : 'high',
        risk: `Which is cheaper, edge or cloud, turns within the range of one figure: ${title}, ${short(low)} to ${short(high)} ${unit}`.trim(),
        answer: 'Find this figure out before hardware is ordered.',
      })),
  ];
  const order = ['high', 'medium', 'low'];
  return [...risks].sort((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
}

const short = (value: number): number => Number(value.toPrecision(3));

function speedRisks({ fleet: { anchor }, target }: FittingOption): readonly Risk[] {
  if (anchor.kind === 'own') return [];
  const said = `The speed on ${target.title} is `;
  const how = {
    same: 'published for the same network, not measured on your device',
    scaled: `scaled by operations from ${anchor.of} of the same family`,
    'stand-in': `that of another network (${anchor.of})`,
  }[anchor.kind];
  return [
    {
      weight: anchor.kind === 'same' ? 'medium' : 'high',
      risk: said + how,
      answer: 'Measure your model on one device in phase 3, enter pictureMs, and work this plan out again.',
    },
  ];
}

function heatRisks({ fleet, target }: FittingOption): readonly Risk[] {
  const [hottest] = [...fleet.sites].sort((a, b) => a.capacity.share.value - b.capacity.share.value);
  const risks: Risk[] = [];
  if (hottest !== undefined && hottest.capacity.share.value < 0.9)
    risks.push({
      weight: hottest.capacity.share.value < 0.7 ? 'high' : 'medium',
      risk: `At ${hottest.name} heat takes ${Math.round(100 - hottest.capacity.share.value * 100)} % of the speed (${hottest.air.value} °C in the box)`,
      answer:
        'Measure the box at the hottest site in phase 2; a vented box or another place for it costs less than a second device.',
    });
  if (target.thermal === null)
    risks.push({
      weight: 'medium',
      risk: `Nobody publishes how ${target.title} throttles; the plan assumes a usual slope`,
      answer: 'Run it at the temperature of the site for an hour before it is ordered.',
    });
  return risks;
}

/** A device that waits most of the time was bought for too little work. */
function idleRisks(plan: PlanInput, { fleet }: FittingOption, assumed: Assumed): readonly Risk[] {
  const least = Math.min(...fleet.sites.map(({ capacity }) => capacity.cameras.value));
  const { camerasPerStation } = plan.workload;
  if (plan.pattern === 'fog' || camerasPerStation * 2 > least) return [];
  const nodes = fleet.sites.reduce(
    (sum, { stations, capacity }) => sum + Math.ceil((stations * camerasPerStation) / capacity.cameras.value),
    fleet.sites.length * assumed('fog.standby'),
  );
  return [
    {
      weight: 'medium',
      risk: `A device could take ${least} cameras or more and has ${camerasPerStation}: most of it waits`,
      answer: `Work this plan out with pattern fog (some ${nodes} nodes in the place of ${fleet.devices.value} devices, and a gateway a station), or with a smaller target.`,
    },
  ];
}

function supplyRisks(plan: PlanInput, { target, lifecycle, option }: FittingOption): readonly Risk[] {
  const risks: Risk[] = [];
  if (target.availability?.state === 'legacy')
    risks.push({
      weight: 'high',
      risk: `${target.title} is legacy: ${target.availability.text}`,
      answer: 'Choose another target for a new site.',
    });
  if (lifecycle.lastTimeBuy > 0)
    risks.push({
      weight: 'high',
      risk: `Last sale of ${target.title} is ${lifecycle.lastSale?.date ?? ''}, within the plan`,
      answer: `Buy ${lifecycle.lastTimeBuy} devices before, or plan the change to a successor.`,
    });
  if (lifecycle.lastSale === null)
    risks.push({
      weight: 'low',
      risk: `No last day of sale is known for ${target.title} over ${plan.years} years`,
      answer: 'Ask the maker for a longevity statement, and write it under lastSale.',
    });
  if (option.mtbfHours === undefined)
    risks.push({
      weight: 'medium',
      risk: 'Failures are those of a usual embedded board, not of the device',
      answer: 'Ask the maker of the box for its MTBF with method and temperature, and write it under mtbfHours.',
    });
  return risks;
}

function priceRisks(plan: PlanInput, prices: readonly Sourced[], assumed: Assumed): readonly Risk[] {
  const illustrative = new Set(prices.filter(({ kind }) => kind === 'illustrative')).size;
  const days = (date: string): number => (Date.parse(plan.date) - Date.parse(date)) / 86_400_000;
  const old = new Set(prices.filter(({ date }) => days(date) > assumed('cost.price-age'))).size;
  return [
    ...(illustrative === 0
      ? []
      : [
          {
            weight: 'high' as const,
            risk: `${illustrative} of ${new Set(prices).size} prices are illustrative: the sums show the method, not your cost`,
            answer: 'Put quotations in their place, with their day.',
          },
        ]),
    ...(old === 0
      ? []
      : [
          {
            weight: 'medium' as const,
            risk: `${old} prices are older than ${assumed('cost.price-age')} days`,
            answer: 'Ask again: prices with memory in them moved fast in 2026.',
          },
        ]),
  ];
}

function linkRisks({ network }: Estimate): readonly Risk[] {
  const full = network.filter(({ edgeFits }) => !edgeFits).map(({ site }) => site);
  if (full.length === 0) return [];
  return [
    {
      weight: 'high',
      risk: `Results and evidence do not fit the link of ${full.join(', ')}`,
      answer: 'Send less evidence, or order more link there.',
    },
  ];
}

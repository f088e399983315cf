import type { Assumed } from './assumptions.js';
import { figure, type Figure } from './figure.js';
import type { PlanInput } from './plan-input.js';

export interface Phase {
  readonly name: string;
  readonly startWeek: number;
  readonly weeks: number;
  readonly from: string;
  readonly until: string;
  /** Stations in service at its end. */
  readonly stations: number;
  readonly result: string;
  readonly uses: readonly string[];
}

export interface Wave {
  readonly site: string;
  readonly stations: number;
  readonly fromWeek: number;
  readonly untilWeek: number;
}

export interface Timeline {
  readonly phases: readonly Phase[];
  readonly pilotStations: Figure;
  readonly waves: readonly Wave[];
}

const dayMs = 86_400_000;

function dayOf(start: string, week: number): string {
  return new Date(Date.parse(`${start}T00:00:00Z`) + Math.round(week * 7) * dayMs).toISOString().slice(0, 10);
}

/** Six phases, each with what must be there at its end. Devices of production are ordered when the pilot is accepted. */
export function timelineOf(plan: PlanInput, assumed: Assumed): Timeline {
  const all = plan.sites.reduce((sum, { stations }) => sum + stations, 0);
  const pilot = Math.min(all, 20, Math.max(5, Math.ceil(all * assumed('rollout.pilot-share'))));
  const leadWeeks = Math.max(...plan.countries.map(({ leadTime }) => leadTime.value)) / 7;
  const installs = assumed('rollout.installs');
  const steps = [
    {
      name: '1 Use case and figures',
      weeks: assumed('timeline.agree'),
      stations: 0,
      result: 'KPIs with limits, signed; this plan with your quotations',
      uses: ['timeline.agree'],
    },
    {
      name: '2 Survey and design',
      weeks: assumed('timeline.survey'),
      stations: 0,
      result: 'heat, light, power and network measured at each kind of site',
      uses: ['timeline.survey'],
    },
    {
      name: '3 Laboratory',
      weeks: assumed('timeline.laboratory'),
      stations: 0,
      result: 'model on the target: parity, own latency, 45 °C in your own box',
      uses: ['timeline.laboratory'],
    },
    {
      name: '4 Pilot',
      weeks: assumed('timeline.pilot'),
      stations: pilot,
      result: 'KPIs met on real parts; one update and one failure survived',
      uses: ['timeline.pilot', 'rollout.pilot-share'],
    },
    {
      name: '5 Roll-out',
      weeks: leadWeeks + (all - pilot) / installs,
      stations: all,
      result: 'every site accepted, spares in their depots',
      uses: ['rollout.installs', 'input:countries'],
    },
    {
      name: '6 Operation and renewal',
      weeks: plan.years * 52,
      stations: all,
      result: 'drift, labels, retraining, replacement before end of life',
      uses: ['input:years'],
    },
  ];
  let startWeek = 0;
  const phases = steps.map((step): Phase => {
    const phase = {
      ...step,
      startWeek,
      from: dayOf(plan.start, startWeek),
      until: dayOf(plan.start, startWeek + step.weeks),
    };
    startWeek += step.weeks;
    return phase;
  });
  const rollout = (phases[4]?.startWeek ?? 0) + leadWeeks;
  return {
    phases,
    pilotStations: figure(pilot, 'stations', `${assumed('rollout.pilot-share')} of ${all}, kept between 5 and 20`, [
      'rollout.pilot-share',
      'input:sites',
    ]),
    waves: wavesOf(plan, pilot, rollout, installs),
  };
}

/** Site after site in the order of the plan; the pilot stands at the first. */
function wavesOf(plan: PlanInput, pilot: number, startWeek: number, installs: number): readonly Wave[] {
  let left = pilot;
  let done = 0;
  return plan.sites.map(({ name, stations }) => {
    const piloted = Math.min(left, stations);
    left -= piloted;
    const more = stations - piloted;
    const wave = {
      site: name,
      stations: more,
      fromWeek: startWeek + done / installs,
      untilWeek: startWeek + (done + more) / installs,
    };
    done += more;
    return wave;
  });
}

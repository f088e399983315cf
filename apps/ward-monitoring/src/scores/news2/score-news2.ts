import type {
  Acvpu,
  MissingReason,
  News2Band,
  News2Input,
  News2Inputs,
  News2Parameter,
  News2Score,
  News2SubScore,
} from '@edge-blueprints/contracts';
import { news2Parameters } from '@edge-blueprints/contracts';
import {
  type ChartTable,
  consciousnessPoints,
  news2Chart,
  oxygenPoints,
  pointsAt,
  pointsOfTable,
  saturationTable,
} from './chart.js';
import { bandOf } from './clinical-response.js';
import { roundDecimal, unitsText } from './decimal.js';
import { implausible, type MeasuredParameter } from './plausibility.js';

/** What a parameter may score while the patient breathes one of the two. */
interface Possible {
  readonly points: readonly number[];
  readonly rounded?: string;
  readonly missing?: MissingReason;
}

const breathings = ['air', 'oxygen'] as const;

/**
 * NEWS2 as an interval. Pure: the same inputs give the same score, to the byte. Values outside the plausible range count
 * as missing, never as an extreme. Oxygen and saturation are enumerated together, because scale 2 joins them.
 * @throws UsageError `news2.decimal` for a value that is not a decimal number
 * Source: Royal College of Physicians, NEWS2, 2017, charts 1 and 2; ties round to the neighbour with more points.
 */
export function scoreNews2(inputs: News2Inputs): News2Score {
  const options = inputs.supplementalOxygen.known ? [inputs.supplementalOxygen.value] : breathings;
  const worlds = options.map((breathing) => possibleScores(inputs, breathing));
  const subScores = news2Parameters.map((parameter) =>
    subScore(
      parameter,
      worlds.map((world) => world[parameter]),
    ),
  );
  const sums = worlds.map((world) => news2Parameters.map((parameter) => range(world[parameter].points)));
  const lo = Math.min(...sums.map((parts) => parts.reduce((sum, part) => sum + part.lo, 0)));
  const hi = Math.max(...sums.map((parts) => parts.reduce((sum, part) => sum + part.hi, 0)));
  const complete = subScores.every(({ points }) => points !== undefined);
  const red = subScores.filter(({ points }) => points === 3).map(({ parameter }) => parameter);
  const cannotExclude = bandOf(
    hi,
    subScores.some((part) => part.hi === 3),
  );
  return {
    algorithm: 'NEWS2/RCP-2017',
    scale: inputs.scale,
    ...(complete ? { total: lo } : {}),
    lo,
    hi,
    complete,
    red,
    band: certainBand(lo, hi, red.length > 0, complete),
    cannotExclude,
    subScores,
    observations: observationIds(inputs),
  };
}

/** Ids of what was scored, each once. */
export function observationIds(inputs: News2Inputs): readonly string[] {
  const ids: string[] = [];
  for (const parameter of news2Parameters) {
    const input = inputs[parameter];
    if (input.known && !ids.includes(input.observation)) ids.push(input.observation);
  }
  return ids;
}

/**
 * What is certain calls for its response at once. An incomplete score is never `zero`, and where it is low but medium or
 * high cannot be excluded, no band may be shown at all.
 */
function certainBand(lo: number, hi: number, red: boolean, complete: boolean): News2Band {
  const band = bandOf(lo, red);
  if (complete || (band !== 'zero' && band !== 'low')) return band;
  return hi >= 5 ? 'insufficient' : 'low';
}

function possibleScores(inputs: News2Inputs, breathing: 'air' | 'oxygen'): Readonly<Record<News2Parameter, Possible>> {
  return {
    respiration: measured('respiration', inputs.respiration, news2Chart.respiration),
    oxygenSaturation: measured('oxygenSaturation', inputs.oxygenSaturation, saturationTable(inputs.scale, breathing)),
    supplementalOxygen: {
      points: [oxygenPoints[breathing]],
      ...(inputs.supplementalOxygen.known ? {} : { missing: inputs.supplementalOxygen.why }),
    },
    systolic: measured('systolic', inputs.systolic, news2Chart.systolic),
    pulse: measured('pulse', inputs.pulse, news2Chart.pulse),
    consciousness: conscious(inputs.consciousness),
    temperature: measured('temperature', inputs.temperature, news2Chart.temperature),
  };
}

function measured(parameter: MeasuredParameter, input: News2Input<string>, table: ChartTable): Possible {
  const missing = input.known ? implausible(parameter, input.value) : input.why;
  if (missing !== undefined || !input.known)
    return { points: pointsOfTable(table), missing: missing ?? 'not-measured' };
  const { below, above, nearer } = roundDecimal(input.value, table.decimals);
  const tied = pointsAt(table, below) > pointsAt(table, above) ? below : above;
  const units = nearer === 'tie' ? tied : nearer === 'below' ? below : above;
  return { points: [pointsAt(table, units)], rounded: unitsText(units, table.decimals) };
}

function conscious(input: News2Input<Acvpu>): Possible {
  return input.known
    ? { points: [consciousnessPoints[input.value]] }
    : { points: Object.values(consciousnessPoints), missing: input.why };
}

function subScore(parameter: News2Parameter, possible: readonly Possible[]): News2SubScore {
  const ranges = possible.map(({ points }) => range(points));
  const lo = Math.min(...ranges.map((one) => one.lo));
  const hi = Math.max(...ranges.map((one) => one.hi));
  const [first] = possible;
  const missing = first?.missing;
  return {
    parameter,
    ...(lo === hi && missing === undefined ? { points: lo } : {}),
    lo,
    hi,
    ...(first?.rounded === undefined ? {} : { rounded: first.rounded }),
    ...(missing === undefined ? {} : { missing }),
  };
}

function range(points: readonly number[]): { readonly lo: number; readonly hi: number } {
  const [only] = points;
  if (points.length === 1 && only !== undefined) return { lo: only, hi: only };
  return { lo: Math.min(...points), hi: Math.max(...points) };
}

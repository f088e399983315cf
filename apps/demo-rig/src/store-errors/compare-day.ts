import { createRandom } from '@edge-blueprints/contracts';
import type { RetailRelease } from '@edge-blueprints/contracts';
import { medianStayS, type Stay } from '../report/store-truth.js';
import type { StoreDay } from './store-day.js';

/** A figure with the 95 % interval of its bootstrap, percentile method (Efron 1979). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

const resamples = 1_000;
/** Crossings and queue lengths that follow each other are not independent: whole blocks are drawn. */
const blockS = 120;

/**
 * @param blocks what belongs together
 * @param figure of any choice of blocks; NaN where it has none
 */
export function bootstrap<T>(blocks: readonly T[], figure: (chosen: readonly T[]) => number, seed: number): Estimate {
  const random = createRandom(seed);
  const values: number[] = [];
  for (let i = 0; i < resamples; i += 1) {
    const chosen = blocks.map((own) => blocks[Math.floor(random.next() * blocks.length)] ?? own);
    const value = figure(chosen);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (q: number): number => values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;
  return { value: figure(blocks), low: at(0.025), high: at(0.975), n: blocks.length };
}

interface Block {
  readonly counted: number;
  readonly truly: number;
}

/** Counts of one line in blocks of two minutes: crossings that a second later are still on that side. */
export function countErrors(days: readonly StoreDay[], line: string, seed: number) {
  const blocks = days.flatMap((day) => {
    const spans: { counted: number; truly: number }[] = [];
    const blockOf = (atS: number) => {
      const i = Math.floor((atS - day.fromS) / blockS);
      return (spans[i] ??= { counted: 0, truly: 0 });
    };
    for (let s = day.fromS; s < day.toS; s += blockS) blockOf(s);
    for (const event of day.events)
      if (event.kind === 'crossing' && event.line === line) blockOf(event.atMs / 1000).counted += 1;
    for (const { line: id, staff, atS } of day.truth.crossings)
      if (id === line && !staff && atS >= day.fromS && atS < day.toS) blockOf(atS).truly += 1;
    return spans;
  });
  const sum = (chosen: readonly Block[], key: keyof Block): number =>
    chosen.reduce((all, block) => all + block[key], 0);
  return {
    counted: sum(blocks, 'counted'),
    truly: sum(blocks, 'truly'),
    error: bootstrap(blocks, (chosen) => sum(chosen, 'counted') / sum(chosen, 'truly') - 1, seed),
  };
}

interface StayBlock {
  readonly counted: Stay[];
  readonly truly: Stay[];
}

/**
 * Median stays of zones taken together, ended ones and lasting ones, counted and true: visits that began while both sides
 * looked. Blocks of two minutes are drawn, by when a visit began, with what was counted and what was true in them: both sides
 * look at the same people.
 */
export function dwellErrors(days: readonly StoreDay[], zones: readonly string[], seed: number) {
  const blocks = days.flatMap(({ events, truth, fromS, toS }) => {
    const count = Math.ceil((toS - fromS) / blockS);
    const spans: StayBlock[] = Array.from({ length: count }, () => ({ counted: [], truly: [] }));
    const blockOf = (atS: number) => spans[Math.min(count - 1, Math.max(0, Math.floor((atS - fromS) / blockS)))];
    for (const event of events)
      if (event.kind === 'visit' && zones.includes(event.zone))
        blockOf(event.enteredAtMs / 1000)?.counted.push({ seconds: event.dwellS, censored: event.censored });
    for (const { zone, staff, enteredS, leftS } of truth.visits)
      if (zones.includes(zone) && !staff && enteredS >= fromS && enteredS < toS)
        blockOf(enteredS)?.truly.push({
          seconds: Math.min(leftS ?? toS, toS) - enteredS,
          censored: leftS === undefined || leftS > toS,
        });
    return spans;
  });
  const all = (chosen: readonly StayBlock[], side: keyof StayBlock) => chosen.flatMap((block) => block[side]);
  const median = (chosen: readonly StayBlock[], side: keyof StayBlock) => medianStayS(all(chosen, side));
  return {
    visits: all(blocks, 'counted').length,
    trueVisits: all(blocks, 'truly').length,
    medianS: median(blocks, 'counted'),
    trueMedianS: median(blocks, 'truly'),
    error: bootstrap(
      blocks,
      (chosen) => (median(chosen, 'counted') ?? Number.NaN) / (median(chosen, 'truly') ?? Number.NaN) - 1,
      seed,
    ),
  };
}

/** Share of moments at which the length of a queue is right within one person; blocks of two minutes are drawn. */
export function queueErrors(days: readonly StoreDay[], queue: string, seed: number) {
  const perBlock = Math.round(blockS / 5);
  const blocks = days.flatMap(({ moments }) => {
    const own = moments.filter((moment) => moment.queue === queue);
    return Array.from({ length: Math.ceil(own.length / perBlock) }, (_, i) =>
      own.slice(i * perBlock, (i + 1) * perBlock).map(({ counted, truly }) => counted - truly),
    );
  });
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    moments: blocks.reduce((sum, block) => sum + block.length, 0),
    withinOne: bootstrap(blocks, (chosen) => mean(chosen.flat().map((e) => (Math.abs(e) <= 1 ? 1 : 0))), seed),
    bias: bootstrap(blocks, (chosen) => mean(chosen.flat()), seed),
  };
}

/** What was released of the counts, against the truth of the same windows. */
export function releasedErrors(day: StoreDay, epochFromMs: number) {
  return day.releases
    .filter(({ metric }) => metric === 'counts')
    .flatMap((release) => releasedCells(day, release, epochFromMs));
}

function releasedCells(day: StoreDay, release: RetailRelease, epochFromMs: number) {
  const fromS = day.fromS + (Date.parse(release.windowFrom) - epochFromMs) / 1000;
  const toS = day.fromS + (Date.parse(release.windowTo) - epochFromMs) / 1000;
  return release.cells.map(({ key, value }) => {
    const truly = day.truth.crossings.filter(
      ({ line, direction, staff, atS }) => !staff && key === `${line}/${direction}` && atS >= fromS && atS < toS,
    ).length;
    return { key, truly, released: value, error95: release.error95 };
  });
}

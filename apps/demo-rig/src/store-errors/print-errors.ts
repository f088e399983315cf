import { countErrors, dwellErrors, queueErrors, releasedErrors, type Estimate } from './compare-day.js';
import { epochOrigin, type StoreDay } from './store-day.js';

const percent = ({ value, low, high }: Estimate): string =>
  [value, low, high].some(Number.isNaN)
    ? 'too few'
    : `${(value * 100).toFixed(1)} % (${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)})`;
const plain = ({ value, low, high }: Estimate): string =>
  Number.isNaN(value) ? 'none' : `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} s`);

/** All comparisons as lines of text. @returns the same as data */
export function printErrors(days: readonly StoreDay[], settings: object, say: (line: string) => void) {
  const [first] = days;
  if (first === undefined) return { settings };
  const { plan } = first;
  const people = days.reduce(
    (sum, { truth, fromS }) =>
      sum +
      new Set(truth.crossings.filter(({ atS, staff }) => atS >= fromS && !staff).map(({ person }) => person)).size,
    0,
  );
  const tracks = days.reduce((sum, day) => sum + day.tracks, 0);
  const frames = days.reduce((sum, day) => sum + day.frames, 0);
  const lines = plan.lines.map(({ id }) => ({ line: id, ...countErrors(days, id, 1) }));
  const zones = plan.zones.map(({ id }) => ({ zone: id, ...dwellErrors(days, [id], 2) }));
  const stays = dwellErrors(
    days,
    plan.zones.map(({ id }) => id),
    2,
  );
  const queues = plan.queues.map(({ id }) => ({ queue: id, ...queueErrors(days, id, 3) }));
  const released = days.flatMap((day) => releasedErrors(day, epochOrigin));
  say(`${days.length} runs, ${frames} pictures, ${people} people crossed a line, ${tracks} tracks`);
  say('before noise');
  for (const { line, counted, truly, error } of lines)
    say(`  ${`line ${line}`.padEnd(20)} ${counted} of ${truly} crossings, error ${percent(error)}, ${error.n} blocks`);
  for (const { zone, visits, trueVisits, medianS, trueMedianS, error } of [...zones, { zone: undefined, ...stays }])
    say(
      `  ${(zone === undefined ? 'all zones' : `zone ${zone}`).padEnd(20)} median stay ${seconds(medianS)}, truly ${seconds(trueMedianS)}, error ${percent(error)}; ${visits} visits, truly ${trueVisits}`,
    );
  for (const { queue, moments, withinOne, bias } of queues)
    say(
      `  ${`queue ${queue}`.padEnd(20)} within one person ${percent(withinOne)} of ${moments} moments, bias ${plain(bias)} people`,
    );
  say('after noise, as released');
  for (const { key, truly, released: value, error95 } of released)
    say(
      `  ${key.padEnd(20)} ${value === null ? 'suppressed' : `${value} ± ${error95}`}, truly ${truly}${
        value === null ? '' : Math.abs(value - truly) <= error95 + 2.5 ? '' : ', outside'
      }`,
    );
  return { settings, runs: days.length, frames, people, tracks, lines, zones, stays, queues, released };
}

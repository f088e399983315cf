import type { StoreReport } from './store-report.js';

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);
const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} s`);

/** The store's report in some lines for the terminal. */
export function storeSummary({ lines, zones, queues, releases, budget, cameras, written }: StoreReport): string {
  const rows = [
    ...lines.map(
      ({ line, counted, truth, error }) =>
        `${`line ${line}`.padEnd(22)} in ${counted.in} of ${truth.in}, out ${counted.out} of ${truth.out}, error ${percent(error)}`,
    ),
    ...zones.map(
      ({ zone, medianS, trueMedianS, visits, error }) =>
        `${`zone ${zone}`.padEnd(22)} median stay ${seconds(medianS)}, truly ${seconds(trueMedianS)}, ${visits} visits, error ${percent(error)}`,
    ),
    ...queues.map(
      ({ queue, withinOne, bias, samples }) =>
        `${`queue ${queue}`.padEnd(22)} within one person at ${withinOne.count} of ${samples} moments, bias ${bias === null ? '-' : bias.toFixed(2)} people`,
    ),
    ...cameras.map(
      ({ id, framesPerS, state }) => `${`camera ${id}`.padEnd(22)} ${framesPerS.toFixed(1)} pictures/s, ${state}`,
    ),
    `${'released'.padEnd(22)} ${releases.length} records, epsilon ${budget.spent.toFixed(3)} of ${budget.epsilonPerDay} spent, ledger ${budget.ledger.state}`,
    `${'written'.padEnd(22)} ${written.files} files, ${written.bytes} bytes, ${written.pictures.length === 0 ? 'no picture among them' : `PICTURES: ${written.pictures.join(', ')}`}`,
  ];
  return `${rows.join('\n')}\n`;
}

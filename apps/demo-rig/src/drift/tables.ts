import type { DelayFigures } from './detection-delay.js';
import type { PromiseFigures } from './month-promise.js';
import type { NullRate } from './null-streams.js';
import type { RunFigures } from './run-lengths.js';

/** Rows of the printed tables, as Markdown, so that they go into docs/drift.md as they are. */
export const tableHeads = {
  rates:
    '| nothing changes | test | reference | window | alpha | windows | fired | rate / alpha | 95 % interval |\n|---|---|---|---|---|---|---|---|---|',
  runs: '\n| detector | nothing changes | promised run | samples | alarms | measured run |\n|---|---|---|---|---|---|',
  promise:
    '\n| whole monitor, nothing changes | stations | parts | promised | raised | raised / promised |\n|---|---|---|---|---|---|',
  delays: (run: number): string =>
    `\nDetectors set to one false alarm in ${run} rows.\n\n| stream | detector | delay in rows at each change | missed | false per 10,000 | detections | accuracy |\n|---|---|---|---|---|---|---|`,
};

export function nullLine(rate: NullRate): string {
  const cells = [rate.stream, rate.test, rate.reference, rate.window, rate.alpha, rate.windows, rate.fired];
  return row([...cells, rate.ratio.toFixed(3), `${rate.low.toFixed(3)} to ${rate.high.toFixed(3)}`]);
}

export function runLine({ detector, stream, promised, samples, alarms }: RunFigures): string {
  return row([
    detector,
    stream,
    promised,
    samples,
    alarms,
    alarms === 0 ? `above ${samples}` : Math.round(samples / alarms),
  ]);
}

export function promiseLine({ gate, stations, parts, promised, raised }: PromiseFigures): string {
  return row([`effect gate ${gate}`, stations, parts, promised, raised, (raised / promised).toFixed(3)]);
}

export function delayLine({ stream, detector, delays, falsePer10000, detections, accuracy }: DelayFigures): string {
  const missed = delays === undefined ? 'not known' : delays.filter((delay) => delay === null).length;
  const shown = delays === undefined ? 'not known' : delays.map((delay) => delay ?? '-').join(', ') || 'no change';
  const falseAlarms = falsePer10000 === undefined ? 'not known' : falsePer10000.toFixed(2);
  return row([stream, detector, shown, missed, falseAlarms, detections, percent(accuracy)]);
}

export function delayNotes(stream: string, lastLabel: number): string {
  return row([stream, 'last label again', '', '', '', '', percent(lastLabel)]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

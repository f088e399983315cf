import type { DelayFigures, Detected, StudyFigures } from './study-figures.js';

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const range = ({ low, high }: Detected): string => `${percent(low)} to ${percent(high)}`;
const counted = (one: Detected): string =>
  one.of === 0 ? 'none' : `${percent(one.share)} (${one.detected} of ${one.of}; ${range(one)})`;
const seconds = (delay: DelayFigures | undefined): string =>
  delay === undefined ? '' : `p50 ${delay.p50S} s, p90 ${delay.p90S} s, max ${delay.maxS} s (n ${delay.count})`;

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

/** Settings side by side, then the first one in detail. */
export function printStudy(figures: readonly StudyFigures[]): string {
  const [first] = figures;
  if (first === undefined) return '';
  const { technicalPerPatientDay: technical } = first;
  return [
    'Settings side by side (intervals are 95 %)',
    ...table([
      ['', ...figures.map(({ setting }) => setting)],
      [
        'high and medium alarms of the body per patient-day',
        ...figures.map(
          ({ load }) => `${load.perPatientDay.toFixed(2)} (${load.low.toFixed(2)} to ${load.high.toFixed(2)})`,
        ),
      ],
      [
        'such alarms from events alone, at the rates of life, per patient-day',
        ...figures.map(({ ofEvents }) => ofEvents.perPatientDay.toFixed(2)),
      ],
      ['of the everyday ward: with a reason in the truth', ...figures.map(({ trueShare }) => counted(trueShare))],
      ['injected events of the body that were alarmed', ...figures.map(({ sensitivity }) => counted(sensitivity))],
      ['artefact segments with a false alarm', ...figures.map(({ falseOnArtefacts }) => counted(falseOnArtefacts))],
    ]),
    '',
    `Stories, setting "${first.setting}": those that reached a limit, alarmed, and from the true onset to the alarm`,
    ...table(
      Object.entries(first.stories).map(([name, one]) => [name, `${one.told} told`, counted(one), seconds(one.delay)]),
    ),
    '',
    'Single crossings of limits that lasted as long as their delay: of stories, by themselves, and from the true onset to the alarm',
    ...table(
      Object.entries(first.crossings).map(([name, one]) => [
        name,
        counted(one.ofStories),
        counted(one.byThemselves),
        seconds(one.delay),
      ]),
    ),
    '',
    'Alarms that began on the everyday ward, per patient-day',
    ...table(Object.entries(first.starts).map(([name, perDay]) => [name, perDay.toFixed(3)])),
    `  technical ones: PH ${technical.PH.toFixed(2)}, PM ${technical.PM.toFixed(2)}, PL ${technical.PL.toFixed(2)} per patient-day`,
    '',
  ].join('\n');
}

import type { WardReport } from './ward-report.js';

type Times = WardReport['times']['trueOnsetToAlarm'];
const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`);
const tell = (name: string, times: Times | null): string =>
  times === null || times.count === 0
    ? `${name} -`
    : `${name} p50 ${seconds(times.p50Ms)}, max ${seconds(times.maxMs)} (${times.count})`;

/** The ward's report in some lines for the terminal. */
export function wardSummary(report: WardReport): string {
  const { samples, times, alarms, load, sensitivity, news2, fhir, audit } = report;
  const { stories, crossings } = sensitivity;
  const rate = load.perPatientDay === null ? '-' : load.perPatientDay.toFixed(1);
  const rows: readonly (readonly [string, string])[] = [
    ['ward', `${report.patients} patients, ${report.seconds.toFixed(0)} s`],
    [
      'samples',
      `${samples.sent ?? '-'} sent, ${samples.received ?? '-'} received, ${samples.lost ?? '-'} lost, ${samples.duplicate ?? '-'} duplicate`,
    ],
    ['alarms', `${alarms.high} high, ${alarms.medium} medium, ${alarms.low} low; ${alarms.technical} technical`],
    [
      'sensitivity',
      `${stories.detected} of ${stories.of} clinical stories, ${crossings.detected} of ${crossings.of} crossings${crossings.missed.length === 0 ? '' : `, missed ${crossings.missed.slice(0, 5).join(', ')}`}`,
    ],
    ['load', `${rate} alarms a patient-day; stories are told far more often here than on a ward`],
    ['true onset to alarm', tell('', times.trueOnsetToAlarm).trim()],
    [
      'condition to signal',
      `${tell('published', times.conditionToPublished)}; ${tell('painted', times.conditionToPainted)}`,
    ],
    [
      'NEWS2',
      `${news2.holdTruth} of ${news2.looks} looks hold the true score, ${news2.chartDisagrees} of ${news2.complete} complete ones disagree with another chart`,
    ],
    ['FHIR', `${fhir.written ?? '-'} written, ${fhir.waiting ?? '-'} waiting, ${fhir.refused ?? '-'} refused`],
    [
      'audit',
      `${audit.entries} entries, ${audit.exitCode === 0 ? 'all of it verified' : `VERIFIER: exit code ${audit.exitCode ?? '-'} ${audit.problem ?? ''}`}`,
    ],
  ];
  return `${rows.map(([name, text]) => `${name.padEnd(22)} ${text}`).join('\n')}\n`;
}

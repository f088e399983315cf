// `npm start -- --app ward` unattended: patients, gateway and FHIR server as processes of their own, and what the report says.
import { suite } from './check.js';
import { startDemo } from './demo-process.js';

interface Times {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly maxMs: number | null;
}
interface Report {
  readonly ward: {
    readonly patients: number;
    readonly samples: Readonly<
      Record<'sent' | 'acknowledged' | 'received' | 'lost' | 'duplicate' | 'rejected', number>
    >;
    readonly times: { readonly conditionToPublished: Times; readonly trueOnsetToAlarm: Times };
    readonly alarms: Readonly<Record<'high' | 'medium' | 'low' | 'technical', number>>;
    readonly sensitivity: { readonly stories: { readonly detected: number; readonly of: number } };
    readonly news2: { readonly looks: number; readonly complete: number; readonly chartDisagrees: number };
    readonly nurse: { readonly rounds: number; readonly refusedRounds: number };
    readonly fhir: {
      readonly written: number;
      readonly waiting: number;
      readonly refused: number;
      readonly held: Readonly<Record<string, number>>;
    };
    readonly audit: { readonly entries: number; readonly exitCode: number | null; readonly unanchored: number };
  };
}

const patients = 8;

await suite('ward of the demo', async (check) => {
  const demo = await startDemo([
    ...['--app', 'ward', '--no-hub', '--patients', String(patients)],
    ...['--seconds', '60', '--report', '{folder}/report.json'],
  ]);
  const code = await demo.exited;
  check('ends with exit code 0', code === 0, code === 0 ? '' : demo.output());
  const { ward } = (await demo.readJson('report.json')) as Report;
  const { samples, times, alarms, sensitivity, news2, nurse, fhir, audit } = ward;

  check(
    'takes every sample that a device sent, once',
    samples.sent > 40 * patients &&
      samples.received >= samples.acknowledged &&
      samples.received <= samples.sent &&
      samples.lost + samples.rejected === 0,
    `${samples.sent} sent, ${samples.received} received, ${samples.lost} lost, ${samples.duplicate} duplicate`,
  );
  check(
    'alarms on what happens to a patient',
    sensitivity.stories.detected > 0 && alarms.high + alarms.medium > 0,
    `${sensitivity.stories.detected} of ${sensitivity.stories.of} stories; ${alarms.high} high, ${alarms.medium} medium, ${alarms.low} low, ${alarms.technical} technical`,
  );
  check(
    'sends an alarm on its way within 5 s of its condition',
    times.conditionToPublished.count > 0 && (times.conditionToPublished.maxMs ?? Infinity) < 5_000,
    `p50 ${times.conditionToPublished.p50Ms?.toFixed(0)} ms, max ${times.conditionToPublished.maxMs?.toFixed(0)} ms (${times.conditionToPublished.count})`,
  );
  check(
    'takes what a nurse measures, and scores it as another encoding of the chart does',
    nurse.rounds >= patients && nurse.refusedRounds === 0 && news2.complete > 0 && news2.chartDisagrees === 0,
    `${nurse.rounds} rounds, ${news2.complete} complete scores`,
  );
  const held = Object.values(fhir.held).reduce((sum, count) => sum + count, 0);
  check(
    'writes to the FHIR server, which holds it',
    fhir.waiting + fhir.refused === 0 &&
      fhir.held['Patient'] === patients &&
      (fhir.held['Observation'] ?? 0) >= patients &&
      (fhir.held['Flag'] ?? 0) > 0 &&
      held <= fhir.written,
    `${fhir.written} written, ${held} held: ${JSON.stringify(fhir.held)}`,
  );
  check(
    'leaves a trail that the verifier finds whole',
    audit.exitCode === 0 && audit.entries > 2 * patients && audit.unanchored === 0,
    `${audit.entries} entries, exit code ${audit.exitCode}`,
  );
  const left = await demo.orphans();
  check('left no process behind', left.length === 0, left.join('\n'));
  await demo.remove();
});

import type { AlarmCondition } from '@edge-blueprints/contracts';
import { createLatencyHistogram, wilsonInterval } from '@edge-blueprints/pipeline';
import type { LatencySnapshot } from '@edge-blueprints/pipeline';
import {
  countStarts,
  isClinical,
  isClinicalCall,
  judgeCrossings,
  judgeStories,
  lateAfterMs,
  type HeardAlarm,
  type TruthBook,
} from '@edge-blueprints/rigs';
import type { ScoreFigures } from '../ward/score-checks.js';
import type { TrailVerdict } from '../ward/trail-verdict.js';
import type { GatewayFigures, RigTotals } from '../ward/ward-events.js';
import { countInterval } from './count-interval.js';

/** An alarm of a bed, of a device or of the ward, with the ward's own waits. */
export interface WardAlarm extends HeardAlarm {
  /** From the first sample beyond the limit to the alarm: delays of the rules, by intent. */
  readonly waitedMs: number;
}

export interface WardReportInput {
  readonly patients: number;
  /** What is judged: from when the ward was ready until the patients stopped. Unix time. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly truth: TruthBook;
  readonly alarms: readonly WardAlarm[];
  readonly rig: RigTotals | undefined;
  readonly gateway: { readonly begin: GatewayFigures | undefined; readonly end: GatewayFigures | undefined };
  readonly scores: ScoreFigures;
  readonly nurse: { readonly rounds: number; readonly refusedRounds: number; readonly acts: number };
  /** On the server, by resource type. */
  readonly fhirHeld: Readonly<Record<string, number>>;
  readonly audit: TrailVerdict;
  /** Seconds of one core. */
  readonly cpuS: Readonly<Record<string, number | null>>;
}

/** A crossing that was held later than this before the end may still have got its alarm: it is not judged. Of a score, an hour. */
const judgedAfterMs = (condition: AlarmCondition): number =>
  condition.startsWith('news2') ? lateAfterMs(condition) : 30_000;

/** What the ward showed against what truly happened. All figures are of this run alone. */
export function wardReport(input: WardReportInput) {
  const { patients, fromMs, toMs, truth, alarms, rig, gateway } = input;
  const patientDays = (patients * (toMs - fromMs)) / 86_400_000;
  const crossings = truth
    .crossings()
    .filter(
      ({ condition, beganMs, heldMs }) =>
        beganMs >= fromMs && heldMs !== undefined && heldMs + judgedAfterMs(condition) <= toMs,
    );
  const judged = judgeCrossings(crossings, alarms);
  const stories = judgeStories(truth.stories().filter(isClinical), judged).filter((one) => one.crossings.length > 0);
  const detected = stories.filter(({ alarm }) => alarm !== undefined).length;
  const calls = alarms.filter(isClinicalCall);
  const { begin, end } = gateway;
  const counted = end?.ingest;
  return {
    patients,
    seconds: (toMs - fromMs) / 1_000,
    samples: {
      sent: rig?.made ?? null,
      acknowledged: rig?.acknowledged ?? null,
      received: counted?.samples ?? null,
      /** Never came; what was missing for a while and came later is told apart. */
      lost: counted === undefined ? null : counted.lost - counted.recovered,
      recovered: counted?.recovered ?? null,
      duplicate: counted?.duplicate ?? null,
      rejected: counted?.rejected ?? null,
      droppedByDevices: rig?.dropped ?? null,
      waitingInDevices: rig?.waiting ?? null,
    },
    times: {
      /** From the moment at which the true value went beyond the limit to the alarm: sensor, rules and their delays. */
      trueOnsetToAlarm: latency(judged.flatMap(({ delayMs }) => delayMs ?? [])),
      /** From the first sample beyond a limit to the alarm: the delay that the rules ask for. */
      onsetToCondition: latency(alarms.flatMap(({ type, waitedMs }) => (type === 'ST' ? [] : waitedMs))),
      conditionToPublished: end?.stations.conditionToSent ?? null,
      /** First station that painted it; nothing where no station was open. */
      conditionToPainted: end?.stations.conditionToPainted ?? null,
    },
    alarms: {
      high: ofPriority(alarms, 'PH'),
      medium: ofPriority(alarms, 'PM'),
      low: ofPriority(alarms, 'PL'),
      technical: alarms.filter(({ type }) => type === 'ST').length,
      advisories: alarms.filter(({ condition }) => condition === 'model-advisory').length,
      byCondition: Object.fromEntries(countStarts(alarms)),
    },
    load: {
      /** High and medium, technical ones apart. */
      alarms: calls.length,
      patientDays,
      perPatientDay: patientDays === 0 ? null : calls.length / patientDays,
      interval: patientDays === 0 ? null : countInterval(calls.length).map((count) => count / patientDays),
    },
    sensitivity: {
      stories: { detected, of: stories.length, ...wilsonInterval(detected, stories.length) },
      crossings: {
        detected: judged.filter(({ alarm }) => alarm !== undefined).length,
        of: judged.length,
        missed: judged
          .filter(({ alarm }) => alarm === undefined)
          .map(({ crossing }) => `${crossing.bed} ${crossing.condition}`),
      },
    },
    news2: input.scores,
    nurse: input.nurse,
    fhir: {
      written: end?.fhir?.written ?? null,
      waiting: end?.fhir?.waiting ?? null,
      refused: end?.fhir?.refused ?? null,
      held: input.fhirHeld,
    },
    audit: input.audit,
    gateway: {
      longestStallMs: end?.longestStallMs ?? null,
      stations: end?.stations.connected ?? null,
      resent: (end?.stations.resent ?? 0) - (begin?.stations.resent ?? 0),
    },
    cpu: Object.fromEntries(
      Object.entries(input.cpuS).map(([name, seconds]) => [
        name,
        { seconds, ofOneCore: seconds === null || toMs <= fromMs ? null : (1_000 * seconds) / (toMs - fromMs) },
      ]),
    ),
  };
}

const ofPriority = (alarms: readonly WardAlarm[], priority: WardAlarm['priority']): number =>
  alarms.filter((alarm) => alarm.priority === priority && alarm.type !== 'ST').length;

function latency(values: readonly number[]): LatencySnapshot {
  const histogram = createLatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram.snapshot();
}

export type WardReport = ReturnType<typeof wardReport>;

import type {
  AdvisoryView,
  AlarmCondition,
  AlarmPriority,
  AlarmSnapshot,
  BedView,
  News2Parameter,
  ReadingState,
  ReadingView,
  WardView,
} from '@edge-blueprints/contracts';
import type { AlarmDeskView } from '../alarms/alarm-desk-port.js';
import type { AssociationBook } from '../ingest/association-book.js';
import type { LimitBook } from '../limits/limit-book.js';
import { ownLimitWords } from '../limits/limit-words.js';
import { clinicalResponse } from '../scores/news2/clinical-response.js';
import type { BedRecordState } from '../scores/observations/bed-record.js';
import { manualLimitMs } from '../scores/observations/monitoring-plan.js';
import type { BedScore, ObservationDesk } from '../scores/observations/observation-desk.js';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';
import type { Bedside } from './bedside.js';
import type { VitalHistory } from './vital-history.js';
import { wallAlarm } from './wall-alarm.js';

export interface WardViewParts {
  readonly beds: readonly { readonly bed: string; readonly label: string }[];
  readonly desk: Pick<ObservationDesk, 'score' | 'snapshot'>;
  readonly book: Pick<AssociationBook, 'current'>;
  readonly bedside: Bedside;
  readonly history: VitalHistory;
  readonly limits: Pick<LimitBook, 'of' | 'ward'>;
  /** Limits that the latest samples of a bed were beyond. */
  readonly beyond: (bed: string) => readonly AlarmCondition[];
  readonly advisoryOf: (bed: string) => AdvisoryView | null;
}

/** What is of the whole ward and changes with each view. */
export type WardFrame = Omit<WardView, 'beds' | 'alarms' | 'flood' | 'at'> & { readonly wallMs: number };

const trendMinutes = 5;
const trendSteps = 48;
const minuteMs = 60_000;
const priorities: readonly AlarmPriority[] = ['PH', 'PM', 'PL'];
const manualUnits = {
  systolic: 'mm[Hg]',
  temperature: 'Cel',
  pulse: '/min',
  oxygenSaturation: '%',
  respiration: '/min',
  consciousness: '1',
  supplementalOxygen: '1',
} as const satisfies Readonly<Record<News2Parameter, string>>;
const refusalWords: Readonly<Record<string, string>> = {
  'news2.age': 'NEWS2 is for people of 16 years and older',
  'news2.pregnancy': 'NEWS2 is not for use in pregnancy',
};

/** Builds what the stations show. Trends change once a minute and are kept in between. */
export function createWardViews(parts: WardViewParts) {
  const { beds, desk, book, bedside, history, limits, beyond, advisoryOf } = parts;
  const trends = new Map<string, { readonly minute: number; readonly trend: BedView['trend'] }>();

  const trendOf = (bed: string, nowMs: number): BedView['trend'] => {
    const minute = Math.floor(nowMs / minuteMs);
    const known = trends.get(bed);
    if (known?.minute === minute) return known.trend;
    const read = (series: 'pulse' | 'oxygenSaturation' | 'respiration' | 'scoreLo') =>
      history.read(bed, series, nowMs, trendMinutes, trendSteps);
    const trend = {
      pulse: read('pulse'),
      oxygenSaturation: read('oxygenSaturation'),
      respiration: read('respiration'),
      score: read('scoreLo'),
    };
    trends.set(bed, { minute, trend });
    return trend;
  };

  const bedView = (
    { bed, label }: { readonly bed: string; readonly label: string },
    device: string | undefined,
    record: BedRecordState | undefined,
    shown: readonly AlarmSnapshot[],
    shelves: AlarmDeskView['shelves'],
    nowMs: number,
  ): BedView => {
    const score = desk.score(bed, nowMs);
    const state = device === undefined ? undefined : bedside.device(device);
    const lost = device === undefined || state?.online === false || state?.lead === 'off';
    const sensed = (parameter: ContinuousParameter): ReadingView => {
      const byHand = manualReading(record, parameter, nowMs);
      const sensor = bedside.reading(bed, parameter, nowMs, lost);
      if (sensor?.state === 'fresh' || byHand.state === 'not-measured') return sensor ?? byHand;
      return byHand.state === 'fresh' ? byHand : (sensor ?? byHand);
    };
    const alarms = shown.filter(({ subject }) => subject === bed);
    const own = new Set(alarms.map(({ priority }) => priority));
    const shelf = shelves[bed];
    return {
      bed,
      label,
      device: device ?? null,
      battery: state?.batteryPercent ?? null,
      lead: state?.lead ?? null,
      readings: {
        pulse: sensed('pulse'),
        oxygenSaturation: sensed('oxygenSaturation'),
        respiration: sensed('respiration'),
        temperature: manualReading(record, 'temperature', nowMs),
        systolic: manualReading(record, 'systolic', nowMs),
        consciousness: manualReading(record, 'consciousness', nowMs),
        supplementalOxygen: manualReading(record, 'supplementalOxygen', nowMs),
      },
      score: score?.score ?? null,
      noScore: noScoreOf(score),
      monitoring: monitoringOf(score),
      overdue: (score?.tasks ?? [])
        .filter(({ overdue }) => overdue)
        .map(({ parameter, dueMs }) => ({ parameter, overdueMin: Math.floor((nowMs - dueMs) / minuteMs) })),
      watch: score?.score !== undefined && ['medium', 'high'].includes(score.score.cannotExclude),
      waiting: beyond(bed).filter((condition) => alarms.every((alarm) => alarm.condition !== condition)),
      advisory: advisoryOf(bed),
      ...(limits.of(bed) === limits.ward ? {} : { ownLimits: ownLimitWords(limits.of(bed), limits.ward) }),
      shelved: shelf === undefined ? null : { why: shelf.why, by: shelf.by, untilMs: shelf.untilMs },
      trend: trendOf(bed, nowMs),
      priority: priorities.find((priority) => own.has(priority)) ?? null,
    };
  };

  return {
    build({ wallMs, ...frame }: WardFrame, alarmDesk: AlarmDeskView): WardView {
      const { nowMs } = frame;
      const devices = new Map(book.current().map(({ bed, device }) => [bed, device]));
      const records = new Map(desk.snapshot().map((record) => [record.bed, record]));
      const alarms = alarmDesk.alarms.filter(({ phase }) => phase !== 'pending' && phase !== 'ended').map(wallAlarm);
      return {
        ...frame,
        at: new Date(wallMs).toISOString(),
        beds: beds.map((place) =>
          bedView(place, devices.get(place.bed), records.get(place.bed), alarms, alarmDesk.shelves, nowMs),
        ),
        alarms,
        flood: alarmDesk.flood,
      };
    },
  };
}

function manualReading(record: BedRecordState | undefined, parameter: News2Parameter, nowMs: number): ReadingView {
  const unit = manualUnits[parameter];
  const empty = { state: 'not-measured' as const, value: null, word: null, unit, ageS: null, quality: null };
  const entry =
    parameter === 'consciousness'
      ? record?.consciousness
      : parameter === 'supplementalOxygen'
        ? record?.breathing
        : record?.measured.find(([name]) => name === parameter)?.[1];
  if (entry === undefined) return empty;
  const ageMs = Math.max(0, nowMs - entry.atMs);
  const state: ReadingState = ageMs >= manualLimitMs(record?.band) ? 'stale' : 'fresh';
  const isWord = parameter === 'consciousness' || parameter === 'supplementalOxygen';
  return {
    ...empty,
    state,
    value: isWord ? null : Number(entry.value),
    word: isWord ? entry.value : null,
    ageS: Math.floor(ageMs / 1_000),
  };
}

function noScoreOf(score: BedScore | undefined): string | null {
  if (score === undefined) return 'No patient';
  return score.refused === undefined ? null : (refusalWords[score.refused] ?? 'NEWS2 does not apply');
}

function monitoringOf(score: BedScore | undefined): BedView['monitoring'] {
  if (score?.score === undefined) return { frequency: '', response: '' };
  const { monitoring, response } = clinicalResponse[score.score.band];
  return { frequency: monitoring, response };
}

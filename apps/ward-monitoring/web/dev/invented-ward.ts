import type {
  AlarmCondition,
  AlarmPriority,
  AlarmSnapshot,
  BedView,
  News2Parameter,
  News2Score,
  News2SubScore,
  ReadingView,
  WardView,
} from '@edge-blueprints/contracts';
import { createRandom, news2Parameters } from '@edge-blueprints/contracts';

export const scenarios = ['usual', 'calm', 'flood', 'trouble', 'silent'] as const;
export type Scenario = (typeof scenarios)[number];

const minuteMs = 60_000;
const trendSteps = 48;

interface Patient {
  readonly number: number;
  /** How ill, 0 to 1; a few are very ill. */
  readonly ill: number;
  readonly phase: number;
}

type Condition = readonly [AlarmCondition, AlarmSnapshot['type'], AlarmPriority, string];
const troubles: readonly Condition[] = [
  ['news2-high', 'SP', 'PH', 'NEWS2 at least 8: respiration 26 /min, SpO2 89 %, pulse 131 /min'],
  ['spo2-low', 'SP', 'PM', 'SpO2 87 % for 15 s, limit 90 %'],
  ['lead-off', 'ST', 'PL', 'Probe off for 40 s'],
  ['news2-red', 'SP', 'PM', 'One parameter scores 3: respiration 25 /min'],
  ['model-advisory', 'SA', 'PL', 'Likely to deteriorate within 4 h: 0.34, limit 0.25'],
  ['fall', 'SP', 'PM', 'Fall, then no movement for 20 s'],
  ['battery-low', 'ST', 'PL', 'Battery 14 %'],
  ['spo2-very-low', 'SP', 'PH', 'SpO2 82 % for 10 s, limit 85 %'],
  ['data-stale', 'ST', 'PM', 'Nothing new for 45 s'],
  ['observation-overdue', 'ST', 'PL', 'Blood pressure is 35 min overdue'],
];

const missingWhenOld: ReadonlySet<string> = new Set(['systolic', 'temperature']);

/** Patients whose values wander; who is ill, and with what, follows from the seed. */
export interface InventedWard {
  /** @param acts changes that people made to alarms, by id */
  view(scenario: Scenario, nowMs: number, acts: ReadonlyMap<string, Partial<AlarmSnapshot>>): WardView;
}

export function createInventedWard(beds: number, seed: number): InventedWard {
  const random = createRandom(seed);
  const patients: readonly Patient[] = Array.from({ length: beds }, (_, i) => ({
    number: i + 1,
    ill: random.next() ** 4,
    phase: random.next() * 6.28,
  }));
  const boot = Date.now();
  const every = Math.max(1, Math.floor(beds / 14));
  return {
    view: (scenario, nowMs, acts) => {
      const alarms = patients
        .filter(({ number }) =>
          scenario === 'flood' ? number % 2 === 0 : scenario !== 'calm' && number % every === 2 % every,
        )
        .slice(0, scenario === 'flood' ? 40 : 10)
        .map((patient, i) => alarmOf(patient, i, boot))
        .map((alarm) => ({ ...alarm, ...acts.get(alarm.alarmId) }))
        .filter(({ phase }) => phase !== 'ended');
      const worst = new Map(alarms.map(({ subject, priority }) => [subject, priority]));
      return {
        site: 'st-anne',
        ward: 'Ward 4 West',
        simulated: true,
        at: new Date(nowMs).toISOString(),
        nowMs,
        gateway: {
          boot: 'b1',
          clockSynced: scenario !== 'trouble',
          auditFailed: scenario === 'trouble',
          brokerLost: scenario === 'trouble',
          fhirWaiting: 3,
          siemWaiting: 0,
          samplesPerS: beds * 3,
          dropped: 0,
        },
        beds: patients.map((patient) => bedOf(patient, nowMs, worst.get(bedName(patient.number)) ?? null)),
        alarms,
        flood: scenario === 'flood',
        offset: alarms.length + acts.size,
      };
    },
  };
}

const bedName = (number: number): string => `bed/${String(number).padStart(2, '0')}`;

function alarmOf({ number }: Patient, i: number, boot: number): AlarmSnapshot {
  const [condition, type, priority, text] = troubles[i % troubles.length] ?? ['fall', 'SP', 'PM', 'Fall'];
  return {
    alarmId: `a-${number}`,
    subject: bedName(number),
    condition,
    type,
    priority,
    phase: i % 5 === 4 ? 'acknowledged' : i === 7 ? 'latched' : 'on',
    latching: priority === 'PH',
    onsetMs: boot - (i + 1) * 47_000,
    signalLost: i === 1,
    responsibility: i % 4 === 3 ? 'accepted' : 'offered',
    step: 0,
    owner: i % 4 === 3 ? 'j.ortiz' : 'm.keller',
    nextEscalationMs: boot + 600_000,
    ...(i % 5 === 4 ? { acknowledged: { by: 'm.keller', atMs: boot, expiresMs: boot + 600_000 } } : {}),
    text,
  };
}

function reading(
  value: number | null,
  unit: string,
  state: ReadingView['state'],
  ageS: number | null,
  word: string | null = null,
): ReadingView {
  return { state, value, unit, ageS, quality: 92, word };
}

function bedOf({ number, ill, phase }: Patient, nowMs: number, priority: AlarmPriority | null): BedView {
  const wave = (periodS: number, size: number): number => size * Math.sin(nowMs / (periodS * 159) + phase);
  const leadOff = number % 17 === 5;
  const stale = number % 11 === 4;
  const old = number % 5 === 3;
  const state = leadOff ? 'lost' : stale ? 'stale' : 'fresh';
  const ageS = leadOff ? 320 : stale ? 74 : 1;
  const live = (value: number, unit: string): ReadingView => reading(Math.round(value), unit, state, ageS);
  const pulse = 72 + 60 * ill + wave(40, 2);
  const saturation = 97.5 - 11 * ill + wave(90, 0.6);
  const respiration = 15 + 13 * ill + wave(70, 0.7);
  const readings = {
    pulse: live(pulse, '/min'),
    oxygenSaturation: live(saturation, '%'),
    respiration: live(respiration, '/min'),
    temperature: reading(36.6 + 2 * ill, 'Cel', old ? 'stale' : 'fresh', old ? 43_000 : 5_400),
    systolic: reading(Math.round(128 - 35 * ill), 'mm[Hg]', old ? 'stale' : 'fresh', old ? 43_000 : 5_400),
    consciousness: reading(null, '1', 'fresh', 5_400, 'A'),
    supplementalOxygen: reading(null, '1', 'fresh', 5_400, ill > 0.5 ? 'oxygen' : 'air'),
  };
  const score = scoreOf(readings, leadOff || stale, old, number % 13 === 6 ? 2 : 1);
  const trend = (base: number, size: number, end: number): (number | null)[] =>
    Array.from({ length: trendSteps }, (_, i) =>
      i > 20 && i < 24 && number % 3 === 0
        ? null
        : Math.round(base + (end - base) * (i / trendSteps) ** 2 + size * Math.sin(i / 3 + phase)),
    );
  return {
    bed: bedName(number),
    label: `Bed ${number}`,
    device: `w-${String(number).padStart(4, '0')}`,
    battery: number % 19 === 8 ? 14 : 40 + ((number * 7) % 60),
    lead: leadOff ? 'off' : 'on',
    readings,
    score,
    noScore: null,
    monitoring: {
      frequency: ill > 0.6 ? 'continuous monitoring of vital signs' : 'at least every 4 to 6 hours',
      response:
        ill > 0.6
          ? 'The registered nurse immediately informs the medical team, at least at specialist registrar level.'
          : 'Inform the registered nurse, who decides on frequency of monitoring or escalation.',
    },
    overdue: old
      ? [
          { parameter: 'systolic', overdueMin: 35 },
          { parameter: 'temperature', overdueMin: 35 },
        ]
      : [],
    watch: number % 23 === 9,
    waiting: number % 29 === 7 ? ['respiration-high'] : [],
    advisory: {
      probability: 0.04 + 0.5 * ill,
      raised: ill > 0.5,
      model: 'vitals-anomaly 1.0.0',
      base: 0.041,
      explanation: [
        { feature: 'Respiration, last 15 min', share: 0.3 * ill },
        { feature: 'SpO2, below 92 %', share: 0.16 * ill },
        { feature: 'Pulse, slope', share: 0.07 * ill },
        { feature: 'Movement', share: -0.03 * ill - 0.001 },
      ],
    },
    shelved: number % 29 === 12 ? { why: 'off-ward', by: 'm.keller', untilMs: nowMs + 20 * minuteMs } : null,
    trend: {
      pulse: trend(74, 4, 72 + 60 * ill),
      oxygenSaturation: trend(97, 0.7, 97.5 - 11 * ill),
      respiration: trend(15, 1, 15 + 13 * ill),
      score: trend(1, 0, score.lo),
    },
    priority,
  };
}

/** Points that look like the chart's, for the eye only: the gateway scores. */
function scoreOf(readings: BedView['readings'], gone: boolean, old: boolean, scale: 1 | 2): News2Score {
  const v = (name: News2Parameter): number => readings[name].value ?? 0;
  const points: Readonly<Record<News2Parameter, number>> = {
    respiration: v('respiration') >= 25 ? 3 : v('respiration') >= 21 ? 2 : 0,
    oxygenSaturation:
      v('oxygenSaturation') <= 91 ? 3 : v('oxygenSaturation') <= 93 ? 2 : v('oxygenSaturation') <= 95 ? 1 : 0,
    supplementalOxygen: readings.supplementalOxygen.word === 'oxygen' ? 2 : 0,
    systolic: v('systolic') <= 90 ? 3 : v('systolic') <= 100 ? 2 : v('systolic') <= 110 ? 1 : 0,
    pulse: v('pulse') >= 131 ? 3 : v('pulse') >= 111 ? 2 : v('pulse') >= 91 ? 1 : 0,
    consciousness: 0,
    temperature: v('temperature') > 38 ? 1 : 0,
  };
  const isMissing = (name: News2Parameter): boolean =>
    (gone && ['respiration', 'oxygenSaturation', 'pulse'].includes(name)) || (old && missingWhenOld.has(name));
  const subScores = news2Parameters.map((parameter): News2SubScore => {
    const missing = isMissing(parameter);
    return missing
      ? { parameter, lo: 0, hi: 3, missing: 'stale' }
      : { parameter, points: points[parameter], lo: points[parameter], hi: points[parameter] };
  });
  const lo = subScores.reduce((sum, sub) => sum + sub.lo, 0);
  const hi = subScores.reduce((sum, sub) => sum + sub.hi, 0);
  const red = subScores.filter((sub) => sub.points === 3).map(({ parameter }) => parameter);
  const bandOf = (total: number): News2Score['band'] =>
    total >= 7 ? 'high' : total >= 5 ? 'medium' : red.length > 0 ? 'low-medium' : total > 0 ? 'low' : 'zero';
  const complete = subScores.every(({ missing }) => missing === undefined);
  return {
    algorithm: 'NEWS2/RCP-2017',
    scale,
    ...(complete ? { total: lo } : {}),
    lo,
    hi,
    complete,
    red,
    band: complete || lo > 0 ? bandOf(lo) : 'insufficient',
    cannotExclude: bandOf(hi),
    subScores,
    observations: [],
  };
}

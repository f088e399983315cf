import type { AlarmCondition, AlarmPriority, AlarmSnapshot, WardRole } from './alarm.js';
import type { News2Parameter, News2Score } from './news2-score.js';

/** `fresh`: within its staleness limit. `stale`: struck through with its age. `lost`: the signal or device is gone. */
export type ReadingState = 'fresh' | 'stale' | 'lost' | 'implausible' | 'not-measured';

export interface ReadingView {
  readonly state: ReadingState;
  /** Last value as measured, null where there never was one and for what is a word. */
  readonly value: number | null;
  /** The word of consciousness (`A`, `C`, `V`, `P`, `U`) and of oxygen (`air`, `oxygen`); null for numbers. */
  readonly word: string | null;
  /** UCUM. */
  readonly unit: string;
  readonly ageS: number | null;
  /** Signal quality 0 to 100 where a sensor tells it. */
  readonly quality: number | null;
}

/** What the model adds beside the rules; never above them. */
export interface AdvisoryView {
  /** 0 to 1, calibrated on the card's data. */
  readonly probability: number;
  readonly raised: boolean;
  readonly model: string;
  /** What the model says of nobody in particular. */
  readonly base: number;
  /** Share of each signal in the output, largest first; they sum to probability minus base. */
  readonly explanation: readonly { readonly feature: string; readonly share: number }[];
}

export interface BedView {
  /** `bed/07`; shown as a bed label. Names are not in here: they come from `GET /api/beds/{bed}/patient` to signed-in people and are audited. */
  readonly bed: string;
  readonly label: string;
  readonly device: string | null;
  readonly battery: number | null;
  readonly lead: 'on' | 'off' | null;
  readonly readings: Readonly<
    Record<
      | 'pulse'
      | 'oxygenSaturation'
      | 'respiration'
      | 'temperature'
      | 'systolic'
      | 'consciousness'
      | 'supplementalOxygen',
      ReadingView
    >
  >;
  /** Null where NEWS2 does not apply or the bed has no patient; `noScore` says why. */
  readonly score: News2Score | null;
  readonly noScore: string | null;
  /** Chart 4 for its band, in words: how often, and who does what. */
  readonly monitoring: { readonly frequency: string; readonly response: string };
  /** Observations that a nurse owes, longest overdue first. */
  readonly overdue: readonly { readonly parameter: News2Parameter; readonly overdueMin: number }[];
  readonly watch: boolean;
  /** Beyond a limit, but not yet for as long as an alarm needs: shown at once, without a sound. */
  readonly waiting: readonly AlarmCondition[];
  readonly advisory: AdvisoryView | null;
  /** Where the bed has limits of its own, what differs from the ward's: "SpO2 below 88 %". */
  readonly ownLimits?: readonly string[];
  readonly shelved: { readonly why: string; readonly by: string; readonly untilMs: number } | null;
  /** Last four hours, oldest first, one value per five minutes; null where there was none. */
  readonly trend: Readonly<Record<'pulse' | 'oxygenSaturation' | 'respiration' | 'score', readonly (number | null)[]>>;
  /** Highest priority of its alarms that are not ended. */
  readonly priority: AlarmPriority | null;
}

/** An act that needs two people; it takes effect when another one with the right confirms it in time. */
export interface ProposalView {
  readonly id: string;
  /** `bed/07` */
  readonly subject: string;
  readonly text: string;
  readonly by: string;
  /** Journal clock. */
  readonly untilMs: number;
}

/** Somebody had the rights of an emergency for a while; another person reviews it. Times are RFC 3339. */
export interface EmergencyUse {
  readonly id: string;
  readonly by: string;
  readonly ownRole: WardRole;
  readonly from: string;
  /** null while it lasts. */
  readonly ended: string | null;
  readonly reason: string;
  readonly reviewed: { readonly by: string; readonly at: string; readonly words: string } | null;
}

/** Everything a station shows, at most twice a second; alarms come by themselves, numbered, as `StationEvent`. */
export interface WardView {
  readonly site: string;
  readonly ward: string;
  readonly simulated: boolean;
  /** RFC 3339, wall clock of the gateway, and milliseconds of the journal's clock. */
  readonly at: string;
  readonly nowMs: number;
  readonly gateway: {
    readonly boot: string;
    readonly clockSynced: boolean;
    readonly auditFailed: boolean;
    readonly brokerLost: boolean;
    readonly fhirWaiting: number;
    readonly siemWaiting: number;
    readonly samplesPerS: number;
    readonly dropped: number;
  };
  readonly beds: readonly BedView[];
  readonly alarms: readonly AlarmSnapshot[];
  readonly flood: boolean;
  /** What one person asked for and a second one has to confirm. */
  readonly proposals?: readonly ProposalView[];
  /** Who uses the rights of an emergency now. */
  readonly breakGlass?: readonly { readonly by: string; readonly untilMs: number }[];
  /** Number of the last alarm event; a station that knows fewer asks for what it missed. */
  readonly offset: number;
}

/** One alarm event on its way to the stations: sent, then acknowledged by the station after it was painted. */
export interface StationEvent {
  readonly offset: number;
  /** What happened: `start`, `continue`, `update`, `escalate`, `deescalate`, `end`, `reset`, `acknowledge`. */
  readonly phase: string;
  readonly sentMs: number;
  readonly alarm: AlarmSnapshot;
}

/**
 * Socket.io names: server sends `event` (StationEvent), `view` (WardView), `beat` (journal ms); a station sends `painted`
 * (offset), `since` (last offset without a gap before it; everything after it comes again as `event`), `beat`. Beats go both ways
 * each second. An enrolled station says `station` ({ name, key }) after each connection.
 */
export const stationChannels = {
  event: 'event',
  view: 'view',
  beat: 'beat',
  painted: 'painted',
  since: 'since',
  station: 'station',
} as const;

/** What a station offers to do. The gateway decides again at each act: this list only keeps buttons away that would be refused. */
export const wardRights = [
  'acknowledge',
  'accept',
  'reject',
  'escalate',
  'reset',
  'pause-audio',
  'shelve',
  'unshelve',
  /** Of one bed; wider than the ward's need a second person. */
  'limits',
  'observations',
  'association',
  'scale',
  'patient',
  'handover',
  'history',
  'audit',
  /** Of what was done in an emergency. */
  'review',
] as const;
export type WardRight = (typeof wardRights)[number];

export interface WardSession {
  readonly name: string;
  readonly role: WardRole;
  readonly may: readonly WardRight[];
  /** Journal clock; present while the rights of an emergency are in use. */
  readonly breakGlassUntilMs?: number;
}

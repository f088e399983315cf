import { z } from 'zod';

/** Physiological, technical, advisory (IHE ACM). */
export const alarmTypes = ['SP', 'ST', 'SA'] as const;
export type AlarmType = (typeof alarmTypes)[number];
/** Immediate, prompt, awareness. */
export const alarmPriorities = ['PH', 'PM', 'PL'] as const;
export type AlarmPriority = (typeof alarmPriorities)[number];

/** Conditions of one patient, then those of a device, then those of the ward. The engine keeps one alarm per subject and condition. */
export const alarmConditions = [
  'spo2-low',
  'spo2-very-low',
  'pulse-low',
  'pulse-high',
  'respiration-low',
  'respiration-high',
  'no-pulse-or-apnoea',
  'news2-low-change',
  'news2-red',
  'news2-medium',
  'news2-high',
  'fall',
  'observation-overdue',
  'model-advisory',
  'missed-during-outage',
  'lead-off',
  'battery-low',
  'battery-critical',
  'sensor-fault',
  'signal-unusable',
  'data-stale',
  'device-link-lost',
  'clock-unsynchronised',
  'gateway-restarted',
  'broker-lost',
  'station-lost',
  'audit-failed',
  'disk-low',
  'outbox-degraded',
  'overload',
  'unassigned-device',
  'no-responsible-person',
] as const;
export type AlarmCondition = (typeof alarmConditions)[number];

export const alarmPhases = ['pending', 'on', 'acknowledged', 'latched', 'ended'] as const;
export type AlarmPhase = (typeof alarmPhases)[number];

/** Who must act: nobody named yet, offered to somebody, taken, or refused and passed on. */
export type Responsibility = 'undefined' | 'offered' | 'accepted' | 'rejected';

/** What one alarm is at one moment. Everything in it follows from the journal. */
export interface AlarmSnapshot {
  readonly alarmId: string;
  /** Bed pseudonym, device or ward: `bed/07`, `device/w-0012`, `ward`. */
  readonly subject: string;
  readonly condition: AlarmCondition;
  readonly type: AlarmType;
  readonly priority: AlarmPriority;
  readonly phase: AlarmPhase;
  readonly latching: boolean;
  /** Times of the journal's clock, milliseconds. */
  readonly onsetMs: number;
  readonly conditionMs?: number;
  readonly endedMs?: number;
  /** The signal is lost while the condition was true: it stays, marked, and never clears by itself. */
  readonly signalLost: boolean;
  readonly audioPausedUntilMs?: number;
  /** The patient is off the ward or in a procedure: shown with a banner, silent, not escalated until then. */
  readonly shelvedUntilMs?: number;
  readonly acknowledged?: {
    readonly by: string;
    readonly atMs: number;
    readonly expiresMs: number;
    readonly reason?: string;
  };
  readonly responsibility: Responsibility;
  /** Place in the escalation chain, 0 the patient's nurse. */
  readonly step: number;
  readonly owner?: string;
  readonly nextEscalationMs?: number;
  /** In words and numbers: "SpO2 87 % for 15 s, limit 90 %". */
  readonly text: string;
}

/** What a person does. The engine answers `done` or why not; every one is audited, refused ones too. */
export const alarmActSchema = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('acknowledge'),
    alarmId: z.string().max(64),
    reason: z.string().max(200).optional(),
  }),
  z.strictObject({ act: z.literal('accept'), alarmId: z.string().max(64) }),
  z.strictObject({ act: z.literal('reject'), alarmId: z.string().max(64), reason: z.string().min(1).max(200) }),
  z.strictObject({ act: z.literal('escalate'), alarmId: z.string().max(64), reason: z.string().min(1).max(200) }),
  /** Ends a latched alarm; with a reason, one whose signal is lost, and a physician's closing of a model's advisory. */
  z.strictObject({
    act: z.literal('reset'),
    alarmId: z.string().max(64),
    reason: z.string().min(1).max(200).optional(),
  }),
  z.strictObject({ act: z.literal('pause-audio'), subject: z.string().max(80), seconds: z.int().min(10).max(120) }),
  z.strictObject({
    act: z.literal('shelve'),
    subject: z.string().max(80),
    why: z.enum(['off-ward', 'procedure']),
    minutes: z.int().min(1).max(60),
    reason: z.string().min(1).max(200),
  }),
  z.strictObject({ act: z.literal('unshelve'), subject: z.string().max(80) }),
]);
export type AlarmAct = Readonly<z.infer<typeof alarmActSchema>>;

export const wardRoles = ['wall', 'nurse', 'charge-nurse', 'physician', 'technical', 'auditor', 'admin'] as const;
export type WardRole = (typeof wardRoles)[number];

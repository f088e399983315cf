import type { AlarmCondition, AlarmPriority, AlarmType } from '@edge-blueprints/contracts';

export interface ConditionRule {
  readonly type: AlarmType;
  readonly priority: AlarmPriority;
  /** How long the condition must last before it is an alarm. */
  readonly delayMs: number;
  /** An ended alarm that nobody acknowledged stays until somebody does. */
  readonly latching: boolean;
  /** May be silenced while the patient is off the ward or in a procedure. */
  readonly shelvable: boolean;
}

const rule = (
  type: AlarmType,
  priority: AlarmPriority,
  delayS: number,
  options: { readonly latching?: boolean; readonly shelvable?: boolean } = {},
): ConditionRule => ({
  type,
  priority,
  delayMs: delayS * 1_000,
  latching: options.latching ?? priority === 'PH',
  shelvable: options.shelvable ?? type !== 'ST',
});

/**
 * Defaults of the project, not of a standard. Delays after the published effect of annunciation delays on SpO2 alarms; PH and red NEWS2
 * latch, lead-off does not, loss of the ward's own links does. What tells of the ward, of a link or of missing staff is never shelved.
 */
export const conditionTable: Readonly<Record<AlarmCondition, ConditionRule>> = {
  'spo2-low': rule('SP', 'PM', 15),
  'spo2-very-low': rule('SP', 'PH', 5),
  'pulse-low': rule('SP', 'PM', 10),
  'pulse-high': rule('SP', 'PM', 10),
  'respiration-low': rule('SP', 'PM', 15),
  'respiration-high': rule('SP', 'PM', 15),
  'no-pulse-or-apnoea': rule('SP', 'PH', 0),
  'news2-low-change': rule('SP', 'PL', 0),
  'news2-red': rule('SP', 'PM', 0, { latching: true }),
  'news2-medium': rule('SP', 'PM', 0),
  'news2-high': rule('SP', 'PH', 0),
  fall: rule('SA', 'PM', 0),
  'observation-overdue': rule('SA', 'PL', 0),
  'model-advisory': rule('SA', 'PL', 0),
  'missed-during-outage': rule('SA', 'PL', 0),
  'lead-off': rule('ST', 'PL', 10, { shelvable: true }),
  'battery-low': rule('ST', 'PL', 0),
  'battery-critical': rule('ST', 'PM', 0),
  'sensor-fault': rule('ST', 'PL', 0, { shelvable: true }),
  'signal-unusable': rule('ST', 'PL', 10, { shelvable: true }),
  'data-stale': rule('ST', 'PM', 0, { shelvable: true }),
  'device-link-lost': rule('ST', 'PM', 0),
  'clock-unsynchronised': rule('ST', 'PL', 0),
  // What came while it was away was seen by nobody: somebody has to have read this.
  'gateway-restarted': rule('ST', 'PL', 0, { latching: true }),
  'broker-lost': rule('ST', 'PH', 0, { latching: true }),
  'station-lost': rule('ST', 'PM', 0, { latching: true }),
  'audit-failed': rule('ST', 'PM', 0),
  'disk-low': rule('ST', 'PL', 0),
  'outbox-degraded': rule('ST', 'PL', 0),
  overload: rule('ST', 'PM', 0),
  'unassigned-device': rule('SA', 'PL', 0, { shelvable: false }),
  // It ends when somebody takes the alarm that it is about, so there is nothing left to reset.
  'no-responsible-person': rule('ST', 'PH', 0, { latching: false }),
};

const ranks: Readonly<Record<AlarmPriority, number>> = { PL: 0, PM: 1, PH: 2 };
export const rankOf = (priority: AlarmPriority): number => ranks[priority];

export const higherOf = (a: AlarmPriority, b: AlarmPriority | undefined): AlarmPriority =>
  b !== undefined && rankOf(b) > rankOf(a) ? b : a;

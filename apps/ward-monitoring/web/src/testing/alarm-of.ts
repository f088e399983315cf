import type { AlarmSnapshot } from '@edge-blueprints/contracts';

/** An alarm of low saturation, with what a spec wants to differ. */
export const alarmOf = (change: Partial<AlarmSnapshot>): AlarmSnapshot => ({
  alarmId: 'a',
  subject: 'bed/07',
  condition: 'spo2-low',
  type: 'SP',
  priority: 'PM',
  phase: 'on',
  latching: false,
  onsetMs: 0,
  signalLost: false,
  responsibility: 'offered',
  step: 0,
  text: 'SpO2 87 %',
  ...change,
});

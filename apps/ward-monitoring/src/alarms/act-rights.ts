import type { AlarmAct, WardRole } from '@edge-blueprints/contracts';

type ActName = AlarmAct['act'];

const bedside = ['acknowledge', 'accept', 'reject', 'escalate', 'reset', 'pause-audio'] as const;
const inCharge = [...bedside, 'shelve', 'unshelve'] as const;

/** What each role may do with alarms. What is not named here is denied. */
export const actRights: Readonly<Record<WardRole, readonly ActName[]>> = {
  wall: [],
  nurse: bedside,
  'charge-nurse': inCharge,
  physician: inCharge,
  technical: [],
  auditor: [],
  admin: [],
};

export const mayAct = (role: WardRole, act: ActName): boolean => actRights[role].includes(act);

/** Limits, delays and escalation waits of the ward. */
export const mayConfigure = (role: WardRole): boolean => role === 'charge-nurse' || role === 'physician';

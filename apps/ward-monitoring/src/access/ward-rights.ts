import type { WardRight, WardRole } from '@edge-blueprints/contracts';

const bedside = [
  'acknowledge',
  'accept',
  'reject',
  'escalate',
  'reset',
  'pause-audio',
  'observations',
  'association',
  'patient',
  'handover',
  'history',
] as const satisfies readonly WardRight[];
const inCharge = [...bedside, 'shelve', 'unshelve', 'limits'] as const satisfies readonly WardRight[];

/** Role by right; what is not named here is denied. The alarm desk and the observation desk decide each act again. */
export const rightsOf: Readonly<Record<WardRole, readonly WardRight[]>> = {
  wall: [],
  nurse: bedside,
  'charge-nurse': [...inCharge, 'review'],
  physician: [...inCharge, 'scale'],
  technical: [],
  auditor: ['audit', 'review'],
  admin: [],
};

export const may = (role: WardRole, right: WardRight): boolean => rightsOf[role].includes(right);

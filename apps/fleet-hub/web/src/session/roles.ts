import type { HubRole } from '@edge-blueprints/contracts';

const order = ['viewer', 'operator', 'admin'] as const satisfies HubRole[];

/** Each role may also do what the ones before it may. The hub checks again; this only spares a refusal. */
export function covers(role: HubRole, needed: HubRole): boolean {
  return order.indexOf(role) >= order.indexOf(needed);
}

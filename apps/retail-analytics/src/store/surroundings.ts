import { randomBytes, randomInt } from 'node:crypto';
import { createRandom, systemClock } from '@edge-blueprints/contracts';

/** Time, chance and secrets of the machine, handed to the store from outside. */
export function machineSurroundings() {
  const pin = process.env['EDGE_OPERATOR_PIN'];
  return {
    clock: systemClock,
    random: createRandom(randomInt(2 ** 32)),
    newToken: () => randomBytes(32).toString('base64url'),
    operatorPin: pin ?? String(randomInt(100_000, 1_000_000)),
    pinConfigured: pin !== undefined,
  };
}

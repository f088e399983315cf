import { randomBytes, randomInt } from 'node:crypto';
import { createRandom, systemClock } from '@edge-blueprints/contracts';
import type { Schedule } from '../frame/part-join.js';

const schedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Time, chance and secrets of the machine, handed to the station from outside. */
export function machineSurroundings() {
  const pin = process.env['EDGE_OPERATOR_PIN'];
  return {
    clock: systemClock,
    random: createRandom(randomInt(2 ** 32)),
    schedule,
    newToken: () => randomBytes(32).toString('base64url'),
    operatorPin: pin ?? String(randomInt(100_000, 1_000_000)),
    pinConfigured: pin !== undefined,
    secret: (name: string) => process.env[name],
  };
}

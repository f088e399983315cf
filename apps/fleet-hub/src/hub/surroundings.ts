import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, createRandom, errorMessage, systemClock } from '@edge-blueprints/contracts';

/** Time, chance and secrets of the machine. A secret may stand in a file that `{NAME}_FILE` names. @throws ConfigError `hub.secret-file` */
export function machineSurroundings(environment: Readonly<Record<string, string | undefined>>) {
  return {
    clock: systemClock,
    random: createRandom(randomInt(2 ** 32)),
    newToken: () => randomBytes(32).toString('base64url'),
    variable: (name: string): string | undefined => {
      const file = environment[`${name}_FILE`];
      if (environment[name] !== undefined || file === undefined) return environment[name];
      try {
        return readFileSync(file, 'utf8').trim();
      } catch (error) {
        throw new ConfigError(
          'hub.secret-file',
          `${name}_FILE names a file that cannot be read: ${errorMessage(error)}`,
          {
            cause: error,
          },
        );
      }
    },
  };
}

import type { Clock, Logger, Random } from '@edge-blueprints/contracts';

/** What every camera takes from outside. */
export interface CameraSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

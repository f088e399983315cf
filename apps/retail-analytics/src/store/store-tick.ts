import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Clock, EngineHealth, Logger } from '@edge-blueprints/contracts';
import type { StoreFloor } from '../floor/floor-port.js';
import type { StoreMeasures } from '../measures/measures-port.js';
import type { Releaser } from '../privacy/release-ports.js';
import type { Alarms } from './alarms.js';
import type { ReleaseDesk } from './release-desk.js';
import { alarmCauses } from './store-alarms.js';
import type { StoreCameras } from './store-cameras.js';

const everyMs = 500;
/** A crowd beyond capacity stays announced for so long after the last person who was not followed, ms. */
const capacityHoldMs = 60_000;

/** What happens by time and not by frames: cameras' conditions, windows that close, alarms. @returns how it is stopped */
export function startStoreTick(parts: {
  readonly cameras: Pick<StoreCameras, 'views'>;
  readonly floor: Pick<StoreFloor, 'agreement'>;
  readonly measures: Pick<StoreMeasures, 'advance' | 'setCamera' | 'snapshot'>;
  readonly desk: Pick<ReleaseDesk, 'tick'>;
  readonly releaser: Pick<Releaser, 'budget'>;
  readonly engine: () => EngineHealth;
  /** People, tracks and items beyond a bound since the start. */
  readonly beyondCapacity: () => number;
  readonly picturesOn: boolean;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Logger;
}): () => void {
  const { measures, clock, log } = parts;
  let beyondBefore = 0;
  let beyondAtMs = Number.NEGATIVE_INFINITY;
  let failing = '';

  const tick = (): void => {
    const atMs = clock.monotonicMs();
    const cameras = parts.cameras.views();
    measures.advance(atMs);
    for (const { id, state } of cameras) measures.setCamera(id, state, atMs);
    parts.desk.tick(atMs);
    const beyond = parts.beyondCapacity();
    if (beyond > beyondBefore) beyondAtMs = atMs;
    beyondBefore = beyond;
    parts.alarms.show(
      alarmCauses({
        cameras,
        queues: measures.snapshot(atMs).queues,
        budget: parts.releaser.budget(),
        engine: parts.engine(),
        agreement: parts.floor.agreement(),
        beyondCapacity: atMs - beyondAtMs < capacityHoldMs,
        picturesOn: parts.picturesOn,
      }),
    );
  };
  // A fault in here must not end the process, and must not be told twice a second either.
  const guarded = (): void => {
    try {
      tick();
      failing = '';
    } catch (error) {
      const message = errorMessage(error);
      if (message !== failing) log.error('store.tick-failed', { code: errorCode(error), message });
      failing = message;
    }
  };
  guarded();
  const timer = setInterval(guarded, everyMs);
  return () => clearInterval(timer);
}

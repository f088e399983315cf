import type { PartTrigger } from '@edge-blueprints/contracts';
import type { PartJoin, Schedule } from './part-join.js';

interface Waiting {
  readonly trigger: PartTrigger;
  readonly cancel: () => void;
}

/** Parts that wait for a picture; a line with such a camera has one at a time. */
const maxWaiting = 8;

/** A part that may have been at the eye longer ago than this is out of view when its picture is taken. */
const maxHeldMs = 80;

/**
 * By time: for cameras that run freely and know nothing of the conveyor. The first picture taken after a trigger shows
 * its part; all other pictures are left alone. For slow or indexed lines only, because the picture is up to one frame
 * period late. A trigger that the PLC may have held back gets no picture: it would be that of a later part.
 */
export function createTimeJoin(options: {
  /** How long a trigger waits for a picture. */
  readonly frameWaitMs: number;
  readonly schedule: Schedule;
  readonly onTriggerWithoutFrame: (trigger: PartTrigger) => void;
}): PartJoin {
  const triggers: Waiting[] = [];
  let matched = 0;
  let framesWithoutTrigger = 0;
  let triggersWithoutFrame = 0;

  const take = (waiting: Waiting): PartTrigger => {
    waiting.cancel();
    triggers.splice(triggers.indexOf(waiting), 1);
    return waiting.trigger;
  };
  const giveUp = (waiting: Waiting): void => {
    triggersWithoutFrame += 1;
    options.onTriggerWithoutFrame(take(waiting));
  };

  return {
    wants: ({ capturedAtMs }) => {
      const wanted = triggers.some(({ trigger }) => trigger.triggeredAtMs <= capturedAtMs);
      if (!wanted) framesWithoutTrigger += 1;
      return wanted;
    },
    triggerOf: ({ capturedAtMs }) => {
      // The picture shows the part that came last; those before it have left the view without one.
      const passed = triggers.filter(({ trigger }) => trigger.triggeredAtMs <= capturedAtMs);
      const waiting = passed.pop();
      for (const older of passed) giveUp(older);
      if (waiting === undefined) framesWithoutTrigger += 1;
      else matched += 1;
      return Promise.resolve(waiting === undefined ? undefined : take(waiting));
    },
    announce: (trigger) => {
      const waiting: Waiting = { trigger, cancel: options.schedule(options.frameWaitMs, () => giveUp(waiting)) };
      triggers.push(waiting);
      if ((trigger.heldAtMostMs ?? 0) > maxHeldMs) return giveUp(waiting);
      const [oldest] = triggers;
      if (triggers.length > maxWaiting && oldest !== undefined) giveUp(oldest);
    },
    stats: () => ({ matched, framesWithoutTrigger, triggersWithoutFrame }),
  };
}

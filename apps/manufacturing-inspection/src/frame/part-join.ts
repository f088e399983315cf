import type { Frame, PartTrigger } from '@edge-blueprints/contracts';

/** Runs something later; the answer cancels it. Comes in from outside so that tests own the time. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

export interface PartJoinStats {
  readonly matched: number;
  /** Frames for which no trigger came in time. */
  readonly framesWithoutTrigger: number;
  /** Triggers for which no frame came in time. */
  readonly triggersWithoutFrame: number;
}

/** Brings the camera's frame and the PLC's announcement of the same part together. */
export interface PartJoin {
  /** False for a picture that can belong to no part and is not worth judging. */
  wants(frame: Frame): boolean;
  /** The trigger of the part in the frame; undefined when it does not come within the wait. */
  triggerOf(frame: Frame): Promise<PartTrigger | undefined>;
  announce(trigger: PartTrigger): void;
  stats(): PartJoinStats;
}

interface WaitingFrame {
  readonly encoder: number;
  readonly settle: (trigger: PartTrigger | undefined) => void;
}

interface WaitingTrigger {
  readonly trigger: PartTrigger;
  readonly cancel: () => void;
}

/** Parts between photo-eye and verdict; more would mean that one side has stopped. */
const maxWaiting = 64;

/**
 * By encoder: camera and PLC latched the conveyor encoder at the same photo-eye, so equal values mean the same part,
 * whichever of the two arrives first. A frame without a trigger tag belongs to no part.
 */
export function createPartJoin(options: {
  /** Largest difference of the two encoder values of one part, counts. */
  readonly toleranceCounts: number;
  /** How long a frame waits for its trigger. */
  readonly triggerWaitMs: number;
  /** How long a trigger waits for its frame. */
  readonly frameWaitMs: number;
  readonly schedule: Schedule;
  /** The camera gave no picture of this part in time: it needs an ERROR verdict. */
  readonly onTriggerWithoutFrame: (trigger: PartTrigger) => void;
}): PartJoin {
  const frames: WaitingFrame[] = [];
  const triggers: WaitingTrigger[] = [];
  let matched = 0;
  let framesWithoutTrigger = 0;
  let triggersWithoutFrame = 0;

  const giveUpTrigger = (waiting: WaitingTrigger): void => {
    waiting.cancel();
    remove(triggers, waiting);
    triggersWithoutFrame += 1;
    options.onTriggerWithoutFrame(waiting.trigger);
  };

  return {
    wants: () => true,
    triggerOf: ({ trigger: tag }) => {
      if (tag === undefined) {
        framesWithoutTrigger += 1;
        return Promise.resolve(undefined);
      }
      const { encoder } = tag;
      const waiting = nearest(triggers, (each) => each.trigger.encoder, encoder, options.toleranceCounts);
      if (waiting !== undefined) {
        waiting.cancel();
        remove(triggers, waiting);
        matched += 1;
        return Promise.resolve(waiting.trigger);
      }
      return new Promise((resolve) => {
        const frame: WaitingFrame = {
          encoder,
          settle: (trigger) => {
            cancel();
            remove(frames, frame);
            if (trigger === undefined) framesWithoutTrigger += 1;
            else matched += 1;
            resolve(trigger);
          },
        };
        const cancel = options.schedule(options.triggerWaitMs, () => frame.settle(undefined));
        frames.push(frame);
        if (frames.length > maxWaiting) frames[0]?.settle(undefined);
      });
    },
    announce: (trigger) => {
      const frame = nearest(frames, (each) => each.encoder, trigger.encoder, options.toleranceCounts);
      if (frame !== undefined) {
        frame.settle(trigger);
        return;
      }
      const waiting: WaitingTrigger = {
        trigger,
        cancel: options.schedule(options.frameWaitMs, () => giveUpTrigger(waiting)),
      };
      triggers.push(waiting);
      const oldest = triggers[0];
      if (triggers.length > maxWaiting && oldest !== undefined) giveUpTrigger(oldest);
    },
    stats: () => ({ matched, framesWithoutTrigger, triggersWithoutFrame }),
  };
}

/** Distance of two u32 counters that wrap, counts. */
export function encoderDistance(a: number, b: number): number {
  return Math.abs((a - b) | 0);
}

function nearest<T>(
  items: readonly T[],
  encoderOf: (item: T) => number,
  encoder: number,
  tolerance: number,
): T | undefined {
  let best: T | undefined;
  let bestDistance = tolerance;
  for (const item of items) {
    const distance = encoderDistance(encoderOf(item), encoder);
    if (distance < bestDistance || (distance === bestDistance && best === undefined)) {
      best = item;
      bestDistance = distance;
    }
  }
  return best;
}

function remove<T>(items: T[], item: T): void {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
}

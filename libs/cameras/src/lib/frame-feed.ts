import { UsageError, type Frame, type FrameSource, type FrameSourceStats } from '@edge-blueprints/contracts';
import { createMailbox } from '@edge-blueprints/pipeline';

/** What a camera reports while it runs. */
export interface FrameFeed {
  /** A frame is there; one that nobody took yet is superseded. */
  put(frame: Frame): void;
  /** A frame came that cannot be used. */
  corrupt(): void;
  connection(connected: boolean): void;
  reconnecting(): void;
  /** For sources that need not hurry: resolves when the consumer waits for a frame. False when the source stops. */
  demand(): Promise<boolean>;
}

/**
 * What all cameras share: one iteration, newest wins, and counters of which
 * captured = delivered + superseded + corrupt (+ one frame that waits, while the source runs).
 * @param run works until the source ends or `stop` fires; what it throws ends the iteration with that error
 */
export function createFedSource(id: string, run: (feed: FrameFeed, stop: AbortSignal) => Promise<void>): FrameSource {
  const closing = new AbortController();
  const mailbox = createMailbox<Frame>();
  let captured = 0;
  let delivered = 0;
  let corrupt = 0;
  let reconnects = 0;
  let connected = false;
  let ended = false;
  let waiting = false;
  let iterated = false;
  let finished: Promise<void> = Promise.resolve();
  let onDemand: ((wanted: boolean) => void) | undefined;

  const feed = (stop: AbortSignal): FrameFeed => ({
    put(frame) {
      captured += 1;
      waiting = false;
      mailbox.put(frame);
    },
    corrupt() {
      captured += 1;
      corrupt += 1;
    },
    connection(up) {
      connected = up;
    },
    reconnecting() {
      reconnects += 1;
    },
    demand() {
      if (stop.aborted || waiting) return Promise.resolve(!stop.aborted);
      return new Promise((resolve) => (onDemand = resolve));
    },
  });

  async function* iterate(stop: AbortSignal): AsyncGenerator<Frame> {
    const over = AbortSignal.any([stop, closing.signal]);
    const release = (): void => onDemand?.(false);
    over.addEventListener('abort', release, { once: true });
    const running = run(feed(over), over).finally(() => {
      connected = false;
      mailbox.close();
    });
    // A failure is met by the await below; this only keeps it from being unhandled while the consumer holds a frame.
    finished = running.catch(() => undefined);
    try {
      for (;;) {
        const held = captured - delivered - corrupt - mailbox.superseded > 0;
        if (!held && !over.aborted) {
          waiting = true;
          onDemand?.(true);
          onDemand = undefined;
        }
        const frame = over.aborted ? undefined : await mailbox.take(over);
        waiting = false;
        if (!frame) break;
        delivered += 1;
        yield frame;
      }
      await running;
    } finally {
      // First the abort, so that a source that waits for demand is released by it.
      closing.abort();
      over.removeEventListener('abort', release);
      ended = true;
      await finished;
    }
  }

  return {
    id,
    frames(stop) {
      if (iterated)
        throw new UsageError(
          'camera.iterated-twice',
          `The frames of camera ${id} can be iterated once; create it again.`,
        );
      iterated = true;
      return iterate(stop);
    },
    stats(): FrameSourceStats {
      // A frame that still waited when the source ended was never taken: it counts with the superseded ones.
      const superseded = ended ? captured - delivered - corrupt : mailbox.superseded;
      return { captured, delivered, superseded, corrupt, reconnects, connected };
    },
    async close() {
      closing.abort();
      await finished;
    },
  };
}

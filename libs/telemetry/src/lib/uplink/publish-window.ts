import { DeviceError } from '@edge-blueprints/contracts';
import type { Schedule } from './schedule.js';

export interface PublishWindow {
  /** @param send puts it on the wire and calls `done` when the broker has answered */
  add(topic: string, bytes: number, send: (done: (error?: DeviceError) => void) => void): Promise<void>;
  /** Not yet answered, sent or waiting. */
  open(): number;
  /** What the broker allows on this connection. */
  setLimit(limit: number): void;
  /** The connection is over: everything fails with this. */
  fail(error: DeviceError): void;
}

interface Publish {
  readonly send: (done: (error?: DeviceError) => void) => void;
  readonly settle: (error?: DeviceError) => void;
}

/** A payload gets this much longer for each KiB: the slowest link that is still used carries 1 KiB/s. */
const msPerKibibyte = 1_000;

/**
 * Bounds what is on the way to the broker (its receive maximum) and what waits behind that. A publish that timed out keeps its
 * place until the broker answers or the connection ends, because its packet id is still in use.
 */
export function createPublishWindow(rules: {
  readonly maxWaiting: number;
  readonly timeoutMs: number;
  readonly schedule: Schedule;
}): PublishWindow {
  let limit = 1;
  let generation = 0;
  let outstanding = 0;
  const sent = new Set<Publish>();
  const waiting = new Set<Publish>();
  const pump = (): void => {
    for (const publish of waiting) {
      if (outstanding >= limit) return;
      waiting.delete(publish);
      outstanding += 1;
      sent.add(publish);
      const mine = generation;
      publish.send((error) => {
        // The answer of a connection that is gone: its place was given back with it.
        if (mine !== generation) return;
        outstanding -= 1;
        publish.settle(error);
        pump();
      });
    }
  };
  return {
    add: (topic, bytes, send) =>
      new Promise<void>((resolve, reject) => {
        if (waiting.size >= rules.maxWaiting)
          return reject(
            new DeviceError('mqtt.busy', `${waiting.size} publishes wait for the broker already; try again later`, {
              retry: 'safe',
              context: { topic },
            }),
          );
        const timeoutMs = rules.timeoutMs + Math.ceil((bytes / 1024) * msPerKibibyte);
        const cancel = rules.schedule(timeoutMs, () =>
          publish.settle(
            new DeviceError('mqtt.timeout', `The broker did not acknowledge ${bytes} bytes within ${timeoutMs} ms`, {
              retry: 'ambiguous',
              context: { topic },
            }),
          ),
        );
        const publish: Publish = {
          send,
          settle: (error) => {
            cancel();
            sent.delete(publish);
            waiting.delete(publish);
            if (error) reject(error);
            else resolve();
          },
        };
        waiting.add(publish);
        pump();
      }),
    open: () => outstanding + waiting.size,
    setLimit(next) {
      limit = Math.max(1, next);
      pump();
    },
    fail(error) {
      generation += 1;
      outstanding = 0;
      for (const publish of [...sent, ...waiting]) publish.settle(error);
    },
  };
}

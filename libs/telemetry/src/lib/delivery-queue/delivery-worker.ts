import { parentPort, workerData } from 'node:worker_threads';
import { EdgeError, errorMessage } from '@edge-blueprints/contracts';
import type { DeliveryAnswer, DeliveryCall } from './open-delivery-queue.js';
import { openSqliteDeliveryQueue } from './sqlite-delivery-queue.js';

const port = parentPort;
if (port) {
  let queue: ReturnType<typeof openSqliteDeliveryQueue> | undefined;
  const answer = (message: DeliveryAnswer): void => port.postMessage(message);
  port.on('message', (call: DeliveryCall) => {
    try {
      queue ??= openSqliteDeliveryQueue(workerData);
      const value = run(queue, call);
      answer({ id: call.id, value, depth: call.verb === 'close' ? 0 : queue.depth() });
      if (call.verb === 'close') port.close();
    } catch (error) {
      const known = error instanceof EdgeError;
      answer({
        id: call.id,
        failure: {
          code: known ? error.code : 'store.disk',
          retry: known ? error.retry : 'safe',
          message: errorMessage(error),
        },
      });
      if (call.verb === 'close') port.close();
    }
  });

  const run = (open: NonNullable<typeof queue>, call: DeliveryCall): unknown => {
    switch (call.verb) {
      case 'append':
        return open.append(call.entries);
      case 'oldest':
        return open.oldest(call.limit);
      case 'settle':
        return open.settle(call.settlement);
      case 'aside':
        return open.aside(call.limit);
      case 'stats':
        return open.stats();
      case 'close':
        return open.close();
      default:
        return call satisfies never;
    }
  };
}

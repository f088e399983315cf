import { parentPort, workerData } from 'node:worker_threads';
import type { OutboxAnswer, OutboxCall, OutboxWorkerData } from './open-outbox.js';
import { createOutboxGroups, failureOf } from './outbox-groups.js';
import type { Instant } from './outbox-ledger.js';
import { openSqliteOutbox } from './sqlite-outbox.js';

/** The whole file is looked at so often, so that damage is found before its event is due. */
const checkMs = 6 * 3_600_000;
const checkpointPages = 1_000;
const numberBlock = 1_000;

const port = parentPort;
if (port) {
  const { groupMs, groupEvents, ...options }: OutboxWorkerData = workerData;
  const answer = (message: OutboxAnswer): void => port.postMessage(message);
  const outbox = openSqliteOutbox({
    ...options,
    checkpointPages,
    numberBlock,
    onRecovery: (recovery) => answer({ recovery }),
  });
  const groups = createOutboxGroups({ groupEvents, append: outbox.append, onDropped: outbox.countDropped });
  let calls: OutboxCall[] = [];
  let now: Instant = { epochMs: 0, uptimeMs: 0 };
  let timer: NodeJS.Timeout | undefined;

  const commit = (): void => {
    clearTimeout(timer);
    timer = undefined;
    groups.commit(now);
    if (groups.hasMetrics()) timer = setTimeout(commit, groupMs);
  };
  const checks = setInterval(() => {
    try {
      outbox.check(now);
    } catch (error) {
      answer({ recovery: `the check could not be made: ${failureOf(error).message}` });
    }
  }, checkMs);

  const run = (call: Exclude<OutboxCall, { verb: 'append' }>): unknown => {
    switch (call.verb) {
      case 'next':
        return outbox.next(call.limit, now);
      case 'acknowledge':
        return outbox.acknowledge(call.epoch, call.accepted, now);
      case 'refuse':
        return outbox.refuse(call.epoch, call.refused, now);
      case 'stats':
        return outbox.stats(now);
      case 'contiguity':
        return outbox.contiguity(now);
      case 'close':
        groups.finish(now);
        clearTimeout(timer);
        clearInterval(checks);
        return outbox.close();
      default:
        return call satisfies never;
    }
  };
  const work = (): void => {
    const batch = calls;
    calls = [];
    let full = false;
    let durable = false;
    for (const call of batch) {
      now = call.now;
      const { id } = call;
      if (call.verb === 'append') {
        durable ||= call.event.deliveryClass !== 'metric';
        full =
          groups.add(call.event, (result) =>
            answer('failure' in result ? { id, failure: failureOf(result.failure) } : { id, value: result }),
          ) || full;
        continue;
      }
      // What came before must be seen by what comes after.
      if (durable || full) commit();
      durable = full = false;
      try {
        answer({ id, value: run(call) });
      } catch (error) {
        answer({ id, failure: failureOf(error) });
      }
      if (call.verb === 'close') port.close();
    }
    if (durable || full) commit();
    else if (groups.hasMetrics()) timer ??= setTimeout(commit, groupMs);
  };
  port.on('message', (call: OutboxCall) => {
    // All that has arrived by the end of this turn shares a commit; while one runs, the next gathers.
    if (calls.push(call) === 1) setImmediate(work);
  });
}

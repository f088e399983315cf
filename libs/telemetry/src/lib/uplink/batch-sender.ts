import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import { rangesOf } from '../outbox/number-ranges.js';
import type { OutboxEntry } from '../outbox/outbox-port.js';
import type { BatchSender, BatchSenderOptions } from './batch-sender-port.js';
import { createDeliveryRate } from './delivery-rate.js';
import { createGivenBack } from './given-back.js';
import { createInFlight, type Batch } from './in-flight.js';
import { readAcknowledgement } from './read-acknowledgement.js';
import { createSendRate } from './send-rate.js';
import { createSuspects } from './suspects.js';
import { createWake } from './wake.js';
import { writeBatch } from './write-batch.js';

const givenBackBound = 5_000;
/** Pace before the backlog's turn comes, as a share of the usual one. */
const earlyShare = 0.2;

/** Sends what waits, batch by batch; gives back what is not answered; removes from the outbox what the hub has or refuses. */
export function createBatchSender(options: BatchSenderOptions): BatchSender {
  const { outbox, clock, random, log, schedule, limits, ackLatency } = options;
  const inFlight = createInFlight();
  const givenBack = createGivenBack(givenBackBound);
  const suspects = createSuspects();
  const rate = createSendRate(limits);
  const delivery = createDeliveryRate();
  const timers = new Map<Batch, () => void>();
  const counts = {
    batchesSent: 0,
    eventsSent: 0,
    batchesAcknowledged: 0,
    eventsAcknowledged: 0,
    eventsRefused: 0,
    eventsResent: 0,
    ackTimeouts: 0,
    publishFailures: 0,
    malformedAcks: 0,
    foreignAcks: 0,
    unexpectedAcks: 0,
    outboxFailures: 0,
  };
  const wake = createWake(clock, schedule, () => void pump());
  let epoch: string | undefined;
  let session = 0;
  let running = false;
  let drainFromMs = 0;
  let nextSendAtMs = 0;
  let waiting = 0;
  /** Unanswered; left out of the next batch, to learn whether the hub answers others. */
  let deferred: Batch | undefined;
  let newestAnsweredMs = -Infinity;
  let troubleAtMs = -Infinity;
  /** An alarm may go although the window is full of what nobody answers. */
  let urgent = false;
  let pumping = false;
  let again = false;

  const pump = async (): Promise<void> => {
    if (pumping) {
      again = true;
      return;
    }
    pumping = true;
    try {
      do {
        again = false;
        while (await sendNext());
      } while (again);
    } catch (error) {
      counts.outboxFailures += 1;
      log.error('uplink.outbox-failed', { code: errorCode(error), reason: errorMessage(error) });
      wake.in(limits.retryMs);
    } finally {
      pumping = false;
    }
  };

  /** @returns whether to go on at once */
  const sendNext = async (): Promise<boolean> => {
    const now = clock.monotonicMs();
    if (!running || inFlight.batches() >= rate.window() + (urgent ? 1 : 0)) return false;
    if (now < nextSendAtMs) {
      wake.in(nextSendAtMs - now);
      return false;
    }
    const mine = session;
    const early = now < drainFromMs;
    const entries = await outbox.next({
      events: early ? Math.min(limits.firstBatchEvents, rate.batchEvents()) : rate.batchEvents(),
      bytes: rate.batchBytes(),
      inFlight: rangesOf([...inFlight.numbers(), ...suspects.waiting(now), ...(deferred?.open ?? [])]),
    });
    if (entries.length === 0) {
      if (deferred === undefined) {
        waiting = inFlight.batches() === 0 ? suspects.waiting(now).length : waiting;
        if (waiting > 0) wake.in(limits.ackTimeoutMs);
        else suspects.forget();
        return false;
      }
      deferred = undefined;
      return true;
    }
    const stats = await outbox.stats();
    waiting = stats.pending.critical + stats.pending.business + stats.pending.metric;
    if (stats.epoch !== epoch) {
      // The file was replaced in between: the numbers of these entries may be of either one.
      takeBack();
      givenBack.clear();
      suspects.forget();
      epoch = stats.epoch;
      return true;
    }
    if (!running || session !== mine) return false;
    return sendEntries(entries, epoch);
  };

  const sendEntries = async (entries: readonly OutboxEntry[], of: string): Promise<boolean> => {
    const suspect = entries.find(suspects.isSuspect);
    const others = suspect === undefined ? entries : entries.filter((entry) => !suspects.isSuspect(entry));
    const alone = suspect !== undefined && inFlight.suspects() === 0;
    if (alone) await send([suspect], of, true);
    if (others.length > 0) await send(others, of, false);
    return alone || others.length > 0;
  };

  const send = async (entries: readonly OutboxEntry[], of: string, suspect: boolean): Promise<void> => {
    const now = clock.monotonicMs();
    const sentUptimeMs = now - options.bootMonotonicMs;
    const origin = { identity: options.identity, epoch: of, sentEpochMs: clock.epochMs(), sentUptimeMs };
    const { payload, numbers, tooLarge } = writeBatch(entries, origin, rate.batchBytes());
    if (tooLarge.length > 0) await giveUp(of, tooLarge, 'uplink.too-large');
    if (numbers.length === 0) return;
    const bytes = payload.byteLength;
    const batch: Batch = { numbers, bytes, sentAtMs: now, suspect, open: new Set(numbers) };
    inFlight.add(batch);
    urgent = false;
    rate.sent(numbers.length, bytes);
    counts.batchesSent += 1;
    counts.eventsSent += numbers.length;
    const perSecond = limits.eventsPerSecond * (now < drainFromMs ? earlyShare : 1);
    nextSendAtMs = Math.max(now, nextSendAtMs) + (numbers.length * 1_000) / perSecond;
    options.publish(payload).then(
      // Only now: until the broker has it, the connection itself brings it there or ends.
      () =>
        void (
          inFlight.has(batch) &&
          timers.set(
            batch,
            schedule(rate.ackTimeoutMs(), () => expired(batch)),
          )
        ),
      (error: unknown) => {
        if (!inFlight.has(batch)) return;
        counts.publishFailures += 1;
        log.warn('uplink.publish-failed', { code: errorCode(error), reason: errorMessage(error), bytes });
        if (errorCode(error) === 'mqtt.too-large' && numbers.length === 1) void giveUp(of, numbers, 'mqtt.too-large');
        giveBack(batch);
        rate.lost();
        nextSendAtMs = clock.monotonicMs() + limits.retryMs;
        void pump();
      },
    );
  };

  const giveBack = (batch: Batch): void => {
    timers.get(batch)?.();
    timers.delete(batch);
    if (!inFlight.drop(batch)) return;
    givenBack.add(batch.open);
    counts.eventsResent += batch.open.size;
  };

  const expired = (batch: Batch): void => {
    counts.ackTimeouts += 1;
    giveBack(batch);
    // Batches that were on the way together fail together: one trouble, not four.
    if (batch.sentAtMs >= troubleAtMs) rate.timedOut();
    troubleAtMs = clock.monotonicMs();
    log.warn('uplink.ack-missing', {
      events: batch.open.size,
      waitedMs: Math.round(clock.monotonicMs() - batch.sentAtMs),
    });
    if (newestAnsweredMs > batch.sentAtMs) strike(batch);
    else deferred = batch;
    void pump();
  };

  const strike = (batch: Batch): void => {
    const hopeless = suspects.strike([...batch.open], clock.monotonicMs());
    if (hopeless.length > 0 && epoch !== undefined) void giveUp(epoch, hopeless, 'uplink.unanswered');
  };

  const giveUp = async (of: string, numbers: readonly number[], code: string): Promise<void> => {
    log.error('uplink.given-up', { numbers: numbers.slice(0, 10), count: numbers.length, code });
    counts.eventsRefused += numbers.length;
    await outbox
      .refuse(
        of,
        numbers.map((sequence) => ({ sequence, code })),
      )
      .catch((error: unknown) => log.error('uplink.outbox-failed', { reason: errorMessage(error) }));
  };

  const takeBack = (): void => {
    for (const batch of inFlight.clear()) {
      timers.get(batch)?.();
      timers.delete(batch);
      counts.eventsResent += batch.open.size;
      givenBack.add(batch.open);
    }
    deferred = undefined;
  };

  const acknowledge = async (payload: Uint8Array): Promise<void> => {
    const of = epoch;
    const reading = readAcknowledgement(payload, of, new Set([...givenBack.numbers(), ...inFlight.numbers()]));
    if (reading.kind === 'malformed') {
      counts.malformedAcks += 1;
      log.warn('uplink.ack-malformed', { problem: reading.problem.slice(0, 300) });
    }
    if (reading.kind === 'foreign') counts.foreignAcks += 1;
    if (reading.kind !== 'answer' || of === undefined) return;
    const { taken, refused } = reading;
    if (taken.length + refused.length === 0) counts.unexpectedAcks += 1;
    try {
      if (taken.length > 0) await outbox.acknowledge(of, rangesOf(taken));
      if (refused.length > 0) await outbox.refuse(of, refused);
      counts.eventsAcknowledged += taken.length;
      counts.eventsRefused += refused.length;
    } catch (error) {
      // They stay, are sent again, and the hub says so again.
      counts.outboxFailures += 1;
      log.error('uplink.outbox-failed', { code: errorCode(error), reason: errorMessage(error) });
    }
    settle([...taken, ...refused.map(({ sequence }) => sequence)]);
    void pump();
  };

  const settle = (answered: readonly number[]): void => {
    const now = clock.monotonicMs();
    suspects.cleared(answered);
    for (const number of answered) {
      givenBack.delete(number);
      deferred?.open.delete(number);
    }
    waiting = Math.max(0, waiting - answered.length);
    delivery.delivered(answered.length, now);
    for (const batch of inFlight.settle(answered)) {
      timers.get(batch)?.();
      timers.delete(batch);
      counts.batchesAcknowledged += 1;
      ackLatency.record(now - batch.sentAtMs);
      rate.acknowledged(now - batch.sentAtMs);
      newestAnsweredMs = Math.max(newestAnsweredMs, batch.sentAtMs);
    }
    if (deferred && newestAnsweredMs > deferred.sentAtMs) {
      strike(deferred);
      deferred = undefined;
    }
    // The hub is back: what waits with the patience of its absence need not wait so long.
    for (const [batch] of timers) if (now - batch.sentAtMs > rate.ackTimeoutMs()) expired(batch);
  };

  return {
    start() {
      session += 1;
      running = true;
      rate.connected();
      const now = clock.monotonicMs();
      drainFromMs = now + random.next() * limits.drainJitterMs;
      nextSendAtMs = now;
      void pump();
    },
    stop() {
      session += 1;
      running = false;
      wake.cancel();
      if (inFlight.batches() > 0) rate.lost();
      takeBack();
    },
    nudge(deliveryClass) {
      if (!running) return;
      urgent ||= deliveryClass === 'critical';
      wake.in(limits.gatherMs[deliveryClass]);
    },
    acknowledge,
    stats() {
      const now = clock.monotonicMs();
      return {
        ...counts,
        inFlightBatches: inFlight.batches(),
        inFlightEvents: inFlight.numbers().length,
        lastAckAgeMs: delivery.lastAgeMs(now),
        drainSeconds: delivery.drainSeconds(waiting, now),
      };
    },
    waiting: () => waiting,
  };
}

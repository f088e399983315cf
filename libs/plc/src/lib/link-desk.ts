import type { Clock, Logger, PartTrigger, PlcLinkStatus, VerdictOutcome } from '@edge-blueprints/contracts';
import { UsageError } from '@edge-blueprints/contracts';
import { createBoundedQueue } from '@edge-blueprints/pipeline';
import type { PlcConfig } from './plc-config.js';
import { createPublications } from './publications.js';
import type { Publications } from './publications.js';
import { controlBit, namesOfBits, statusBit } from './register-map.js';
import { zeroCounters } from './station-counters.js';
import type { CounterStore } from './station-counters.js';
import { createStationHandshake } from './station-handshake.js';
import type { StationEvent, StationHandshake } from './station-handshake.js';
import { encodeStatusBlock } from './status-block.js';

export interface PlcLinkDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counterStore: CounterStore;
}

/** What both roles share: the handshake, its watchdog tick, the triggers, the publications and the saved totals. */
export interface LinkDesk {
  readonly handshake: StationHandshake;
  readonly publications: Publications;
  /** The 32 words of this moment. */
  statusWords(): Uint16Array;
  /** Takes the handshake's events to where they belong. Called after every input. */
  settle(): void;
  count(code: string, detail: string): void;
  triggers(stop: AbortSignal): AsyncIterable<PartTrigger>;
  status(connected: boolean): PlcLinkStatus;
  close(): void;
}

const tickMs = 50;

/**
 * @param hooks `onTick` runs 20 times a second; `onShown`: the result stands in the station's own block; `onWithdrawn` says
 * what a publication comes to that was taken back because the connection went
 */
export function createLinkDesk(
  config: PlcConfig,
  deps: PlcLinkDeps,
  hooks: {
    readonly onTick: () => void;
    readonly onShown: (ticket: number) => void;
    readonly onWithdrawn: (ticket: number) => VerdictOutcome;
  },
): LinkDesk {
  const { clock, logger, counterStore } = deps;
  const handshake = createStationHandshake({
    watchdogMs: config.watchdogMs,
    inspectionTimeoutMs: config.inspectionTimeoutMs,
    simulated: config.simulated,
    bypass: { key: config.bypassKey, maxMs: config.bypassMaxMs },
    counters: counterStore.load() ?? zeroCounters,
  });
  const publications = createPublications(config.ackWaitMs);
  const announced = createBoundedQueue<PartTrigger>(config.triggerCapacity);
  const faults: Record<string, number> = {};
  let iterated = false;
  let savedSeq = '';
  let closed = false;

  const count = (code: string, detail: string): void => {
    faults[code] = (faults[code] ?? 0) + 1;
    logger.warn(code, { detail });
  };
  const handle = (event: StationEvent): void => {
    switch (event.kind) {
      case 'trigger':
        if (!announced.offer(event.trigger))
          count('plc.trigger-overflow', `part ${event.trigger.partSeq} found no place`);
        return;
      case 'acknowledged':
        return publications.settle(event.ticket, { kind: 'delivered', atMs: event.atMs });
      case 'withdrawn':
        return publications.settle(event.ticket, hooks.onWithdrawn(event.ticket));
      case 'fault':
        return count(event.code, event.detail);
      case 'shown':
        return hooks.onShown(event.ticket);
    }
  };
  const settle = (): void => {
    for (const event of handshake.drainEvents()) handle(event);
  };
  const save = (): void => {
    const counters = handshake.counters();
    const text = JSON.stringify(counters);
    if (text === savedSeq) return;
    try {
      counterStore.save(counters);
      savedSeq = text;
    } catch (error) {
      count('plc.counters-not-saved', error instanceof Error ? error.message : String(error));
    }
  };
  save();
  const timer = setInterval(() => {
    const now = clock.monotonicMs();
    handshake.tick(now);
    settle();
    publications.tick(now);
    save();
    hooks.onTick();
  }, tickMs);

  return {
    handshake,
    publications,
    statusWords: () => encodeStatusBlock(handshake.block(clock.epochMs()), config.wordOrder),
    settle,
    count,
    triggers: (stop) => {
      if (iterated) throw new UsageError('plc.triggers-taken', 'The triggers of a PLC link can be iterated once');
      iterated = true;
      return {
        async *[Symbol.asyncIterator]() {
          for (;;) {
            const trigger = await announced.take(stop);
            if (trigger === undefined) return;
            yield trigger;
          }
        },
      };
    },
    status: (connected) => {
      const block = handshake.block(clock.epochMs());
      return {
        role: config.role,
        state: handshake.state(),
        connected,
        peerHeartbeatAlive: handshake.heartbeatAlive(),
        mapAccepted: handshake.mapAccepted(),
        controlBits: namesOfBits(controlBit, handshake.controlBlock().controlBits),
        statusBits: namesOfBits(statusBit, block.statusBits),
        queueDepth: block.queueDepth,
        inspected: block.inspected,
        rejected: block.rejected,
        missedTriggers: block.missedTriggers,
        overruns: handshake.overruns(),
        faults: { ...faults },
      };
    },
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      announced.close();
      publications.settleAll({ kind: 'refused', code: 'plc.link-closed' });
      save();
    },
  };
}

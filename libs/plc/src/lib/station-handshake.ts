import type { PartTrigger, PartVerdict, PlcLinkStatus, StationCondition } from '@edge-blueprints/contracts';
import { createBypass } from './bypass.js';
import type { BypassChange, BypassOptions } from './bypass.js';
import { emptyControlBlock } from './control-block.js';
import type { ControlBlock } from './control-block.js';
import { createHeartbeatWatch } from './heartbeat-watch.js';
import { createPartsInFlight } from './parts-in-flight.js';
import { reasonCodes } from './reason-codes.js';
import { controlBit, mapVersion, resultQueueCapacity, sequenceDistance } from './register-map.js';
import { createResultPhase } from './result-phase.js';
import { createVerdictHistory } from './result-queue.js';
import { composeStatusBlock, errorVerdict } from './station-block.js';
import { reserveResultSeq, zeroCounters } from './station-counters.js';
import type { StationCounters } from './station-counters.js';
import { stationReadiness } from './station-readiness.js';
import type { Readiness } from './station-readiness.js';
import type { StatusBlock } from './status-block.js';
import { createTriggerPhase } from './trigger-phase.js';

export interface StationHandshakeOptions {
  /** PLC_HEARTBEAT must change within this time. */
  readonly watchdogMs: number;
  /** A part without a verdict after this time gets ERROR. */
  readonly inspectionTimeoutMs: number;
  readonly simulated: boolean;
  readonly bypass: BypassOptions;
  readonly counters?: StationCounters;
}

/** What happened inside; drained by the transport, which delivers triggers, settles publications and logs. */
export type StationEvent =
  | { readonly kind: 'trigger'; readonly trigger: PartTrigger }
  | { readonly kind: 'shown'; readonly ticket: number; readonly resultSeq: number; readonly atMs: number }
  | { readonly kind: 'acknowledged'; readonly ticket: number; readonly atMs: number }
  /** A publication that the PLC will not see or may not have seen. */
  | { readonly kind: 'withdrawn'; readonly ticket: number }
  | { readonly kind: 'fault'; readonly code: string; readonly detail: string };

export type PublishReply =
  { readonly kind: 'accepted'; readonly ticket: number } | { readonly kind: 'refused'; readonly code: string };

/** The station's side of the handshake without I/O and clock: time comes with each call. The same in both Modbus roles. */
export interface StationHandshake {
  control(block: ControlBlock, atMs: number): void;
  /** Content of the key registers; comes before the control word that asks for the bypass. */
  bypassKey(key: number): void;
  /** Every 50 ms or so: advances STATION_HEARTBEAT and looks at the watchdogs. */
  tick(atMs: number): void;
  /**
   * The connection of the PLC is gone or another took its place. Nothing from before may be taken for an answer after: a PLC
   * that restarted may count the same PART_SEQ and encoder again. Waiting results are withdrawn, open parts forgotten.
   */
  gap(): void;
  setCondition(condition: StationCondition): void;
  publish(verdict: PartVerdict, atMs: number): PublishReply;
  block(epochMs: number): StatusBlock;
  controlBlock(): ControlBlock;
  state(): PlcLinkStatus['state'];
  heartbeatAlive(): boolean;
  mapAccepted(): boolean;
  counters(): StationCounters;
  overruns(): number;
  drainEvents(): readonly StationEvent[];
}

/** Far below the wrap of PART_SEQ, far above what a belt carries between camera and gate. */
const historyCapacity = 64;
/** A larger jump of PART_SEQ is a restarted PLC, not that many lost triggers. */
const largestCountedGap = 1000;

const coldCondition: StationCondition = {
  online: false,
  goldenDue: true,
  goldenFailed: false,
  degraded: false,
  lightFault: false,
  storeFull: false,
  clockUnsynchronised: false,
  activeRecipeId: 0,
};

export function createStationHandshake(options: StationHandshakeOptions): StationHandshake {
  const start = options.counters ?? zeroCounters;
  const results = createResultPhase(start.resultSeqReserved);
  const triggers = createTriggerPhase();
  const inFlight = createPartsInFlight();
  const history = createVerdictHistory(historyCapacity);
  const heartbeat = createHeartbeatWatch(options.watchdogMs);
  const bypass = createBypass(options.bypass);
  const totals = { inspected: start.inspected, rejected: start.rejected, missed: start.missedTriggers, overruns: 0 };
  const latched = { missed: false, overrun: false, error: false };
  let condition = coldCondition;
  let control = emptyControlBlock;
  let lastPartSeq = 0;
  /** The last control block of a PLC that saw TRIGGER_READY and had nothing to announce. */
  let quietAtMs = Number.NEGATIVE_INFINITY;
  let wasFree = false;
  let events: StationEvent[] = [];

  const fault = (code: string, detail: string): void => {
    events.push({ kind: 'fault', code, detail });
  };
  const collect = (): void => {
    events.push(...results.drainEvents());
  };
  const readiness = (): Readiness =>
    stationReadiness({
      condition,
      control,
      plcHeartbeatAlive: heartbeat.alive(),
      bypassed: bypass.active(),
      full: results.full() || inFlight.count() + results.depth() >= resultQueueCapacity,
    });
  const noteBypass = (change: BypassChange | undefined): void => {
    if (change !== undefined) fault(bypassCodes[change], `golden interlock bypass ${change}`);
  };

  const show = (verdict: PartVerdict, recipeId: number, atMs: number): number | null => {
    history.remember(verdict, recipeId);
    totals.inspected += 1;
    if (verdict.verdict !== 'pass') totals.rejected += 1;
    const ticket = results.offer(verdict, recipeId, atMs);
    collect();
    return ticket;
  };
  const overrun = (verdict: PartVerdict, recipeId: number, atMs: number): void => {
    latched.overrun = true;
    totals.overruns += 1;
    if (verdict.verdict === 'pass') totals.rejected += 1;
    const error = errorVerdict(verdict.partSeq, verdict.encoder, reasonCodes['result-overrun']);
    history.remember(error, recipeId);
    results.offer(error, recipeId, atMs);
    collect();
    fault('plc.result-overrun', `part ${verdict.partSeq}: ${resultQueueCapacity} results wait for RESULT_ACK`);
  };
  const missed = (part: PartTrigger, reason: number, detail: string): void => {
    latched.missed = true;
    totals.missed += 1;
    const verdict = errorVerdict(part.partSeq, part.encoder, reason);
    const review: PartVerdict = { ...verdict, verdict: reason === reasonCodes['recipe-mismatch'] ? 'review' : 'error' };
    if (show(review, part.recipeId, part.triggeredAtMs) === null) overrun(review, part.recipeId, part.triggeredAtMs);
    fault('plc.missed-trigger', `part ${part.partSeq}: ${detail}`);
  };
  const countGap = (partSeq: number): void => {
    const gap = lastPartSeq === 0 ? 0 : sequenceDistance(lastPartSeq, partSeq) - 1;
    lastPartSeq = partSeq;
    if (gap <= 0 || gap > largestCountedGap) return;
    latched.missed = true;
    totals.missed += gap;
    fault('plc.trigger-lost', `${gap} part sequences before ${partSeq} were never announced`);
  };
  const repeat = (partSeq: number, encoder: number, atMs: number): boolean => {
    const known = history.find(partSeq, encoder);
    const open = inFlight.find(partSeq)?.encoder === encoder;
    if (known !== undefined && !open && !results.waitsFor(partSeq)) {
      results.offer(known.verdict, known.recipeId, atMs);
      collect();
    }
    return known !== undefined || open;
  };

  const triggered = (edge: 'rising' | 'changed', before: Readiness, atMs: number): void => {
    const { partSeq, encoder, partId, recipeId } = control;
    if (partSeq === 0) return fault('plc.part-sequence-zero', 'trigger with the reserved PART_SEQ 0 was ignored');
    if (repeat(partSeq, encoder, atMs)) return;
    const heldAtMostMs = atMs - quietAtMs;
    const trigger: PartTrigger = { partSeq, encoder, partId, recipeId, triggeredAtMs: atMs, heldAtMostMs };
    countGap(partSeq);
    const stale = inFlight.find(partSeq);
    if (stale !== undefined) inFlight.take(partSeq, stale.encoder);
    if (edge === 'changed')
      return missed(trigger, reasonCodes['missed-trigger'], 'TRIGGER was not taken back in between');
    if (!before.ready) return missed(trigger, missedReason(before), `station not ready (${before.error})`);
    inFlight.add(trigger);
    events.push({ kind: 'trigger', trigger });
  };

  return {
    control: (block, atMs) => {
      const cleared = (block.controlBits & ~control.controlBits & controlBit.CLEAR_ERROR) !== 0;
      if (cleared) Object.assign(latched, { missed: false, overrun: false, error: false });
      control = block;
      heartbeat.seen(block.heartbeat, atMs);
      noteBypass(bypass.control(block.controlBits, atMs));
      results.control(block.controlBits, atMs);
      collect();
      const before = readiness();
      const edge = triggers.control(block);
      if (edge !== 'none') triggered(edge, before, atMs);
      const free = before.ready && (block.controlBits & controlBit.TRIGGER) === 0 && !triggers.acknowledging();
      // Free for two blocks: the PLC has seen after the first one that it may announce, and in the second it did not. The
      // block that takes TRIGGER back says nothing: a next part may already wait for the end of the acknowledgement.
      quietAtMs = free && wasFree ? atMs : Number.NEGATIVE_INFINITY;
      wasFree = free;
    },
    bypassKey: bypass.key,
    tick: (atMs) => {
      heartbeat.beat();
      if (heartbeat.tick(atMs)) fault('plc.heartbeat-lost', `PLC_HEARTBEAT unchanged for ${options.watchdogMs} ms`);
      noteBypass(bypass.tick(atMs));
      for (const part of inFlight.takeOlderThan(atMs - options.inspectionTimeoutMs)) {
        latched.error = true;
        const verdict = errorVerdict(part.partSeq, part.encoder, reasonCodes['inspection-timeout']);
        if (show(verdict, part.recipeId, atMs) === null) overrun(verdict, part.recipeId, atMs);
        fault('plc.inspection-timeout', `part ${part.partSeq}: no verdict in ${options.inspectionTimeoutMs} ms`);
      }
    },
    gap: () => {
      wasFree = false;
      quietAtMs = Number.NEGATIVE_INFINITY;
      heartbeat.lost();
      history.clear();
      inFlight.clear();
      for (const result of results.withdraw()) events.push({ kind: 'withdrawn', ticket: result.ticket });
    },
    setCondition: (next) => {
      condition = next;
    },
    publish: (verdict, atMs) => {
      const part = inFlight.take(verdict.partSeq, verdict.encoder);
      if (part === undefined)
        return { kind: 'refused', code: refusalCode(history.find(verdict.partSeq, verdict.encoder)) };
      const judged: PartVerdict =
        verdict.verdict === 'pass' && condition.lightFault
          ? { ...verdict, verdict: 'error', reasonCode: reasonCodes['light-fault'] }
          : verdict;
      const ticket = show(judged, part.recipeId, atMs);
      if (ticket !== null) return { kind: 'accepted', ticket };
      overrun(judged, part.recipeId, atMs);
      return { kind: 'refused', code: 'plc.result-overrun' };
    },
    block: (epochMs) =>
      composeStatusBlock({
        condition,
        readiness: readiness(),
        results,
        acknowledging: triggers.acknowledging(),
        busy: inFlight.count() > 0,
        bypassed: bypass.active(),
        simulated: options.simulated,
        latched,
        heartbeat: heartbeat.own(),
        totals,
        epochMs,
      }),
    controlBlock: () => control,
    state: () => {
      const now = readiness();
      if (latched.error) return 'error';
      if (!now.online) return 'offline';
      if (results.valid()) return 'result-pending';
      if (triggers.acknowledging()) return 'acquiring';
      return inFlight.count() > 0 ? 'inspecting' : now.ready ? 'ready' : 'offline';
    },
    heartbeatAlive: heartbeat.alive,
    mapAccepted: () => control.expectedMapVersion === mapVersion,
    counters: () => ({
      inspected: totals.inspected,
      rejected: totals.rejected,
      missedTriggers: totals.missed,
      resultSeqReserved: reserveResultSeq(results.resultSeq()),
    }),
    overruns: () => totals.overruns,
    drainEvents: () => {
      const drained = events;
      events = [];
      return drained;
    },
  };
}

const bypassCodes: Readonly<Record<BypassChange, string>> = {
  granted: 'plc.bypass-granted',
  refused: 'plc.bypass-refused',
  ended: 'plc.bypass-ended',
};

function missedReason(readiness: Readiness): number {
  if (readiness.error === 'recipe-mismatch') return reasonCodes['recipe-mismatch'];
  if (readiness.error === 'light-fault') return reasonCodes['light-fault'];
  if (readiness.error === 'store-full') return reasonCodes['store-full'];
  if (readiness.error === 'golden-due') return reasonCodes['golden-due'];
  if (readiness.error === 'golden-failed') return reasonCodes['golden-failed'];
  return readiness.online ? reasonCodes['missed-trigger'] : reasonCodes['station-offline'];
}

function refusalCode(known: { readonly verdict: PartVerdict } | undefined): string {
  if (known === undefined) return 'plc.part-unknown';
  return known.verdict.reasonCode === reasonCodes['inspection-timeout'] ? 'plc.result-late' : 'plc.result-duplicate';
}

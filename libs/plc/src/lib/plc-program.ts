import { emptyControlBlock, encodeControlBlock } from './control-block.js';
import type { ControlBlock } from './control-block.js';
import { createPartTracker } from './part-tracker.js';
import type { PartOutcome, PartTrackerGeometry } from './part-tracker.js';
import { controlBit, mapVersion, nextSequence, statusBit } from './register-map.js';
import { createStationWatch } from './station-watch.js';
import type { StationWatchEvent } from './station-watch.js';
import { createTriggerDesk } from './trigger-desk.js';
import type { WordOrder } from './word-order.js';

export interface PlcProgramOptions {
  readonly geometry: PartTrackerGeometry;
  readonly watchdogMs: number;
  readonly wordOrder: WordOrder;
  readonly acceptSimulated: boolean;
  /** Parts in a row without any result that stop the line. */
  readonly unansweredLimit: number;
  /** RECIPE_ID until the first part names its own. */
  readonly initialRecipeId: number;
  /** Rejected parts that the bin holds; null has no bin-full switch. */
  readonly rejectBinCapacity: number | null;
  /**
   * Stands for the operator who clears the cause and presses reset once the station is ready; null waits for `reset`, as a
   * real line must.
   */
  readonly autoResetMs: number | null;
}

export type StopReason = 'unanswered-parts' | 'escaped-part' | 'unconfirmed-reject' | 'reject-bin-full';

export type PlcAction =
  /** `travelCounts`: the pulse must end after this travel even if nobody ends it. */
  | { readonly kind: 'accept-coil'; readonly on: boolean; readonly travelCounts: number }
  | { readonly kind: 'belt'; readonly run: boolean; readonly reason: StopReason | null }
  /** A valid result in time: it stands in the process image from now on. */
  | { readonly kind: 'verdict'; readonly partSeq: number; readonly encoder: number; readonly atMs: number }
  | { readonly kind: 'part'; readonly outcome: PartOutcome };

export interface EyePart {
  readonly n: number;
  readonly encoder: number;
  readonly partId: string;
  readonly recipeId: number;
}

export type PlcState = 'refused' | 'waiting-station' | 'running' | 'stopped';

/**
 * The reference PLC program, without I/O and clock: what a PLC does between its eyes, the station's status block and its
 * outputs. Both Modbus roles run it: only who moves the words differs.
 */
export interface PlcProgram {
  /** Photo-eye at the camera. */
  eye(part: EyePart): void;
  /** Encoder with the travel that valve, scan and poll cost at this speed. */
  encoder(encoder: number, leadCounts: number): void;
  gateEye(encoder: number): void;
  binEye(n: number, bin: 'accept' | 'reject'): void;
  /** A read of the whole status block. */
  status(words: ArrayLike<number>, atMs: number): void;
  /** The connection to the station is gone. */
  stationGap(): void;
  tick(atMs: number): void;
  /** The operator cleared the cause and starts the line. */
  reset(): void;
  emptyRejectBin(): void;
  /** The PLC itself lost its supply: parts and sequence of the trigger are forgotten. */
  powerCycle(): void;
  /** The control block for the next scan; each call is one heartbeat. */
  nextControl(): Uint16Array;
  /** CONTROL as the next scan will write it. */
  controlBits(): number;
  /** A phase of the handshake is outstanding: scan fast. */
  inHandshake(): boolean;
  /** A part waits for its verdict and the station is alive. */
  awaitsVerdict(): boolean;
  /** Travel for which the accept coil must stay on from here, counts; 0 is off. Longer than a pulse on a belt that slows down. */
  acceptTravel(): number;
  state(): PlcState;
  faults(): Readonly<Record<string, number>>;
  drainActions(): readonly PlcAction[];
}

export function createPlcProgram(options: PlcProgramOptions): PlcProgram {
  const tracker = createPartTracker(options.geometry);
  const watch = createStationWatch(options);
  const desk = createTriggerDesk(options.geometry.capacity);
  const faults: Record<string, number> = {};
  let actions: PlcAction[] = [];
  let coil = false;
  let stopped: StopReason | null = null;
  let partSeq = 0;
  let heartbeat = 0;
  let rejectsInBin = 0;
  let recipeId = options.initialRecipeId;
  let readySinceMs: number | null = null;

  const count = (name: string): void => {
    faults[name] = (faults[name] ?? 0) + 1;
  };
  const stop = (reason: StopReason): void => {
    if (stopped !== null) return;
    stopped = reason;
    count(`stop-${reason}`);
    actions.push({ kind: 'belt', run: false, reason });
  };
  const reset = (): void => {
    if (stopped === null) return;
    stopped = null;
    readySinceMs = null;
    tracker.forgetUnanswered();
    tracker.purge('line-was-stopped');
    actions.push({ kind: 'belt', run: true, reason: null });
  };
  const loseStation = (fault: string): void => {
    count(fault);
    tracker.purge(fault);
  };
  const watched = (events: readonly StationWatchEvent[], atMs: number): void => {
    for (const event of events) {
      if (event.kind === 'result') {
        const { partSeq: seq, encoder, verdict } = event.block;
        const reception = verdict === null ? 'unknown' : tracker.verdict(seq, encoder, verdict, atMs);
        if (reception === 'accepted') actions.push({ kind: 'verdict', partSeq: seq, encoder, atMs });
        else count(`${reception}-result`);
      } else if (event.kind === 'refused') loseStation(event.why);
      else if (event.kind === 'silent') loseStation('station-heartbeat-lost');
      else count(event.kind === 'unusable' ? event.what : event.kind);
    }
  };
  const acceptTravel = (): number => (watch.refusal() === null ? tracker.acceptTravel() : 0);
  /** After every input: outputs follow the tracker at once. */
  const settle = (): void => {
    for (const fault of tracker.drainFaults()) {
      count(fault);
      if (fault === 'escaped-part' || fault === 'unconfirmed-reject') stop(fault);
    }
    for (const outcome of tracker.drainOutcomes()) {
      if (outcome.gate === 'rejected') rejectsInBin += 1;
      actions.push({ kind: 'part', outcome });
    }
    if (tracker.unansweredInARow() >= options.unansweredLimit) stop('unanswered-parts');
    if (options.rejectBinCapacity !== null && rejectsInBin >= options.rejectBinCapacity) stop('reject-bin-full');
    const travelCounts = acceptTravel();
    if (travelCounts > 0 === coil) return;
    coil = travelCounts > 0;
    actions.push({ kind: 'accept-coil', on: coil, travelCounts });
  };
  const bits = (): number => controlBits(desk.raised(), watch.resultAck(), watch.refusal() === null);
  const stationUsable = (): boolean => watch.refusal() === null && watch.alive();

  return {
    eye: (part) => {
      partSeq = nextSequence(partSeq);
      const tracked = { ...part, partSeq };
      tracker.enter(tracked);
      desk.announce(tracked);
      // The last status decides: a station that is READY must not wait for its next write to hear of the part. Should it
      // have become unready since, it answers with a missed trigger, and the part is rejected.
      if (stationUsable()) desk.status(watch.statusBits());
      settle();
    },
    encoder: (encoder, leadCounts) => {
      tracker.advance(encoder, leadCounts);
      settle();
    },
    gateEye: (encoder) => {
      tracker.gateEye(encoder);
      settle();
    },
    binEye: (n, bin) => {
      tracker.binEye(n, bin);
      settle();
    },
    status: (words, atMs) => {
      watched(watch.read(words, atMs), atMs);
      desk.keep((part) => tracker.awaits(part.partSeq, part.encoder));
      if (stationUsable()) desk.status(watch.statusBits());
      settle();
    },
    stationGap: () => {
      watch.gap();
      desk.clear();
      loseStation('link-lost');
      settle();
    },
    tick: (atMs) => {
      watched(watch.tick(atMs), atMs);
      const ready = stationUsable() && (watch.statusBits() & statusBit.TRIGGER_READY) !== 0;
      const resettable = stopped !== null && stopped !== 'reject-bin-full';
      readySinceMs = resettable && ready ? (readySinceMs ?? atMs) : null;
      if (readySinceMs !== null && options.autoResetMs !== null && atMs - readySinceMs >= options.autoResetMs) reset();
      settle();
    },
    reset: () => {
      reset();
      settle();
    },
    emptyRejectBin: () => {
      rejectsInBin = 0;
    },
    powerCycle: () => {
      tracker.clear('plc-gone');
      desk.clear();
      watch.gap();
      partSeq = 0;
      count('power-cycle');
      settle();
    },
    nextControl: () => {
      heartbeat = (heartbeat + 1) & 0xffff;
      const part = desk.current();
      const recipePart = desk.raised() ? part : desk.next();
      recipeId = recipePart?.recipeId ?? recipeId;
      const block: ControlBlock = {
        ...emptyControlBlock,
        controlBits: bits(),
        heartbeat,
        expectedMapVersion: mapVersion,
        ...(part === null ? {} : partWords(part)),
        recipeId,
      };
      return encodeControlBlock(block, options.wordOrder);
    },
    controlBits: bits,
    inHandshake: () => stationUsable() && (desk.busy() || watch.resultAck()),
    awaitsVerdict: () => stationUsable() && tracker.awaitingVerdict(),
    acceptTravel,
    state: () => {
      if (stopped !== null) return 'stopped';
      if (watch.refusal() !== null) return 'refused';
      return watch.alive() ? 'running' : 'waiting-station';
    },
    faults: () => ({ ...faults }),
    drainActions: () => {
      const drained = actions;
      actions = [];
      return drained;
    },
  };
}

function controlBits(trigger: boolean, resultAck: boolean, goOnline: boolean): number {
  return (
    controlBit.TRIGGER_ENABLE |
    controlBit.BUFFER_ENABLE |
    (goOnline ? controlBit.GO_ONLINE : 0) |
    (trigger ? controlBit.TRIGGER : 0) |
    (resultAck ? controlBit.RESULT_ACK : 0)
  );
}

function partWords(part: EyePart & { readonly partSeq: number }): Partial<ControlBlock> {
  return { partSeq: part.partSeq, encoder: part.encoder, partId: part.partId };
}

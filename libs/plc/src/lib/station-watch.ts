import { statusBit } from './register-map.js';
import { decodeStatusBlock } from './status-block.js';
import type { StatusBlock } from './status-block.js';
import { createHeartbeatWatch } from './heartbeat-watch.js';
import type { WordOrder } from './word-order.js';

export interface StationWatchOptions {
  readonly watchdogMs: number;
  readonly wordOrder: WordOrder;
  /** A simulated station must not release real parts; only a simulated line sets this. */
  readonly acceptSimulated: boolean;
}

export type StationRefusal = 'wrong-map' | 'wrong-word-order' | 'simulated';

export type StationWatchEvent =
  | { readonly kind: 'result'; readonly block: StatusBlock }
  | { readonly kind: 'refused'; readonly why: StationRefusal }
  | { readonly kind: 'unusable'; readonly what: 'torn' | 'corrupt' | 'not-a-result' }
  | { readonly kind: 'stale-result' }
  | { readonly kind: 'silent' };

/** The PLC's view of the station: judges every read, hands out each result once, watches the heartbeat. */
export interface StationWatch {
  read(words: ArrayLike<number>, atMs: number): readonly StationWatchEvent[];
  tick(atMs: number): readonly StationWatchEvent[];
  /** The connection is gone. The result that stands in the block when it returns is from before and is not used. */
  gap(): void;
  alive(): boolean;
  refusal(): StationRefusal | null;
  statusBits(): number;
  resultAck(): boolean;
}

export function createStationWatch(options: StationWatchOptions): StationWatch {
  const heartbeat = createHeartbeatWatch(options.watchdogMs);
  let lastResultSeq: number | null = null;
  let refusal: StationRefusal | null = null;
  let bits = 0;
  let ack = false;

  const refuse = (why: StationRefusal): readonly StationWatchEvent[] => {
    const known = refusal === why;
    refusal = why;
    bits = 0;
    return known ? [] : [{ kind: 'refused', why }];
  };
  const take = (block: StatusBlock): readonly StationWatchEvent[] => {
    if (ack) return [];
    ack = true;
    const stale = lastResultSeq === null || block.resultSeq === lastResultSeq || !heartbeat.alive();
    lastResultSeq = block.resultSeq;
    return stale ? [{ kind: 'stale-result' }] : [{ kind: 'result', block }];
  };

  return {
    read: (words, atMs) => {
      const reading = decodeStatusBlock(words, options.wordOrder);
      if (reading.kind === 'wrong-map' || reading.kind === 'wrong-word-order') return refuse(reading.kind);
      const intact = reading.kind === 'valid' || reading.kind === 'not-a-result';
      bits = intact ? reading.block.statusBits : reading.statusBits;
      heartbeat.seen(intact ? reading.block.heartbeat : reading.heartbeat, atMs);
      if ((bits & statusBit.SIMULATED) !== 0 && !options.acceptSimulated) return refuse('simulated');
      refusal = null;
      if ((bits & statusBit.RESULT_VALID) === 0) {
        ack = false;
        if (intact) lastResultSeq ??= reading.block.resultSeq;
        return [];
      }
      if (reading.kind === 'valid') return take(reading.block);
      return ack ? [] : [{ kind: 'unusable', what: reading.kind }];
    },
    tick: (atMs) => (heartbeat.tick(atMs) ? [{ kind: 'silent' }] : []),
    gap: () => {
      heartbeat.lost();
      lastResultSeq = null;
      bits = 0;
    },
    alive: heartbeat.alive,
    refusal: () => refusal,
    statusBits: () => bits,
    resultAck: () => ack,
  };
}

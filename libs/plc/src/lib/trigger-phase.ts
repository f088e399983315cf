import type { ControlBlock } from './control-block.js';
import { controlBit } from './register-map.js';

/** `rising`: TRIGGER came up. `changed`: PART_SEQ changed under a standing TRIGGER, so a falling edge was lost. */
export type TriggerEdge = 'none' | 'rising' | 'changed';

export interface TriggerPhase {
  control(block: ControlBlock): TriggerEdge;
  /** TRIGGER_ACK: stands from the latch until the PLC takes TRIGGER back. */
  acknowledging(): boolean;
}

/** The four phases TRIGGER up, ACK up, TRIGGER down, ACK down: no edge is lost to polling. */
export function createTriggerPhase(): TriggerPhase {
  let latchedSeq: number | null = null;
  return {
    control: (block) => {
      if ((block.controlBits & controlBit.TRIGGER) === 0) {
        latchedSeq = null;
        return 'none';
      }
      if (latchedSeq === block.partSeq) return 'none';
      const edge = latchedSeq === null ? 'rising' : 'changed';
      latchedSeq = block.partSeq;
      return edge;
    },
    acknowledging: () => latchedSeq !== null,
  };
}

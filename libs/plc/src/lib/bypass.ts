import { controlBit } from './register-map.js';

export interface BypassOptions {
  /** u32 other than 0 that the PLC must have written; null refuses every bypass. */
  readonly key: number | null;
  readonly maxMs: number;
}

export type BypassChange = 'granted' | 'refused' | 'ended';

export interface Bypass {
  /** The key as it stands in the key registers. */
  key(value: number): void;
  control(controlBits: number, atMs: number): BypassChange | undefined;
  tick(atMs: number): BypassChange | undefined;
  active(): boolean;
}

/**
 * Supervised bypass of the golden interlock: rising BYPASS_REQ with the right key, ends when the request falls or its time
 * is over, and then needs a new rising edge and the key again.
 */
export function createBypass(options: BypassOptions): Bypass {
  let offeredKey = 0;
  let requested = false;
  let untilMs: number | null = null;
  return {
    key: (value) => {
      offeredKey = value;
    },
    control: (controlBits, atMs) => {
      const request = (controlBits & controlBit.BYPASS_REQ) !== 0;
      const rising = request && !requested;
      requested = request;
      if (rising) {
        const granted = options.key !== null && options.key !== 0 && offeredKey === options.key;
        offeredKey = 0;
        if (granted) untilMs = atMs + options.maxMs;
        return granted ? 'granted' : 'refused';
      }
      if (!request && untilMs !== null) {
        untilMs = null;
        return 'ended';
      }
      return undefined;
    },
    tick: (atMs) => {
      if (untilMs === null || atMs < untilMs) return undefined;
      untilMs = null;
      return 'ended';
    },
    active: () => untilMs !== null,
  };
}

import { encoderDistance } from '@edge-blueprints/plc';

/** Belt speed from the encoder, for the lead of the gate: a belt that runs too fast needs more of it. */
export interface SpeedEstimate {
  sample(encoder: number, atMs: number): void;
  /** Of the last stretch of at least 20 ms; 0 before the first. */
  countsPerMs(): number;
}

const stretchMs = 20;

export function createSpeedEstimate(): SpeedEstimate {
  let from: { readonly encoder: number; readonly atMs: number } | null = null;
  let countsPerMs = 0;
  return {
    sample: (encoder, atMs) => {
      if (from === null) from = { encoder, atMs };
      const elapsedMs = atMs - from.atMs;
      if (elapsedMs < stretchMs) return;
      countsPerMs = Math.abs(encoderDistance(from.encoder, encoder)) / elapsedMs;
      from = { encoder, atMs };
    },
    countsPerMs: () => countsPerMs,
  };
}

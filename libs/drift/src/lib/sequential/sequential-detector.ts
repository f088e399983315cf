/** Watches one number after another and says when their mean has changed. Starts over after each detection. */
export interface SequentialDetector {
  /** @returns true when this value completes the evidence of a change; the detector has then started over */
  update(value: number): boolean;
  /** Samples since the estimated moment of change, as of the last detection; 0 before the first. */
  readonly samplesSinceChange: number;
  reset(): void;
}

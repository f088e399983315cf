export interface TimingBudgetInput {
  readonly cameraToGateMm: number;
  /** The fastest speed that the recipe allows. */
  readonly beltMmPerS: number;
  /** p99.9 of capture to verdict. */
  readonly latencyMs: number;
  readonly pollMs: number;
  readonly scanMs: number;
  readonly valveDelayMs: number;
}

export interface TimingBudget {
  /** Travel time from the camera to the gate. */
  readonly availableMs: number;
  readonly neededMs: number;
  readonly feasible: boolean;
}

/** Commissioning check: distance / speed must be at least p99.9 latency + two polls + one scan + the valve. */
export function timingBudget(input: TimingBudgetInput): TimingBudget {
  const availableMs = (input.cameraToGateMm / input.beltMmPerS) * 1000;
  const neededMs = input.latencyMs + 2 * input.pollMs + input.scanMs + input.valveDelayMs;
  return { availableMs, neededMs, feasible: availableMs >= neededMs };
}

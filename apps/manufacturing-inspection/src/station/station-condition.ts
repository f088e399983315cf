import type { StationCondition } from '@edge-blueprints/contracts';
import type { GoldenState } from '../golden/golden-interlock.js';

export interface ConditionInput {
  readonly engineState: string;
  readonly cameraConnected: boolean;
  readonly goldenRequired: boolean;
  readonly golden: GoldenState;
  readonly degradationLevel: number;
  readonly lightFault: boolean;
  readonly storeFull: boolean;
  readonly clockSynchronised: boolean;
  readonly recipeId: number;
}

/** Why the PLC may or may not get TRIGGER_READY. */
export function stationCondition(input: ConditionInput): StationCondition {
  const { golden, goldenRequired } = input;
  return {
    online: input.cameraConnected && (input.engineState === 'ready' || input.engineState === 'degraded'),
    goldenDue: goldenRequired && (golden === 'never' || golden === 'due' || golden === 'running'),
    goldenFailed: goldenRequired && golden === 'failed',
    degraded: input.degradationLevel > 0,
    lightFault: input.lightFault,
    storeFull: input.storeFull,
    clockUnsynchronised: !input.clockSynchronised,
    activeRecipeId: input.recipeId,
  };
}

/** Why nothing may pass now, whatever the PLC does; undefined when parts may. */
export function passInterlock(input: {
  readonly goldenRequired: boolean;
  readonly golden: GoldenState;
  readonly bypassed: boolean;
}): string | undefined {
  return input.goldenRequired && input.golden !== 'passed' && !input.bypassed ? 'golden.due' : undefined;
}

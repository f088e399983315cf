import type { StationCondition } from '@edge-blueprints/contracts';
import type { ControlBlock } from './control-block.js';
import { controlBit, mapVersion } from './register-map.js';
import type { StationError } from './register-map.js';

export interface ReadinessInput {
  readonly condition: StationCondition;
  readonly control: ControlBlock;
  readonly plcHeartbeatAlive: boolean;
  readonly bypassed: boolean;
  /** Parts being inspected plus results waiting has reached the bound. */
  readonly full: boolean;
}

export interface Readiness {
  readonly online: boolean;
  /** Nothing but the four-phase handshake itself may still hold TRIGGER_READY back. */
  readonly ready: boolean;
  readonly error: StationError;
}

/** Why TRIGGER_READY is withheld, most serious first. A bypass lifts the golden interlock only, never a verdict. */
export function stationReadiness(input: ReadinessInput): Readiness {
  const offline = offlineReason(input);
  if (offline !== 'none') return { online: false, ready: false, error: offline };
  const error = notReadyReason(input);
  return { online: true, ready: error === 'none', error };
}

function offlineReason({ condition, control, plcHeartbeatAlive }: ReadinessInput): StationError {
  if (!condition.online) return 'station-offline';
  if (control.expectedMapVersion !== mapVersion) return 'map-version';
  if (!plcHeartbeatAlive) return 'plc-heartbeat';
  return (control.controlBits & controlBit.GO_ONLINE) === 0 ? 'plc-keeps-offline' : 'none';
}

function notReadyReason({ condition, control, bypassed, full }: ReadinessInput): StationError {
  if (condition.lightFault) return 'light-fault';
  if (condition.storeFull) return 'store-full';
  if (condition.goldenFailed && !bypassed) return 'golden-failed';
  if (condition.goldenDue && !bypassed) return 'golden-due';
  if (control.recipeId !== condition.activeRecipeId) return 'recipe-mismatch';
  if ((control.controlBits & controlBit.TRIGGER_ENABLE) === 0) return 'trigger-disabled';
  return full ? 'queue-full' : 'none';
}

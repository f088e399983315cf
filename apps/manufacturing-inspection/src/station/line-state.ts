import type { PlcLinkStatus, StationView } from '@edge-blueprints/contracts';
import type { GoldenState } from '../golden/golden-interlock.js';

export interface LineSituation {
  readonly engineState: string;
  readonly engineDetail: string;
  readonly cameraConnected: boolean;
  readonly lightFault: boolean;
  readonly storeFull: boolean;
  readonly golden: GoldenState;
  readonly goldenDetail: string;
  readonly bypassed: boolean;
  readonly plc: Pick<PlcLinkStatus, 'connected' | 'peerHeartbeatAlive' | 'mapAccepted'>;
  /** Since the last part, ms; undefined before the first. */
  readonly idleMs: number | undefined;
}

export type LineState = Pick<StationView, 'lineState' | 'lineStateReason'>;

/** A line that moved within this time is executing, ms. */
const executingMs = 5_000;

/** The station's condition in PackML words, the gravest first: fault -> Aborted, golden -> Held, starved -> Suspended. */
export function lineStateOf(situation: LineSituation): LineState {
  const { plc, golden } = situation;
  const say = (lineState: LineState['lineState'], lineStateReason: string): LineState => ({
    lineState,
    lineStateReason,
  });
  if (situation.engineState === 'failed' || situation.engineState === 'disposed')
    return say('Aborted', `The inference engine has failed: ${situation.engineDetail}`);
  if (!situation.cameraConnected) return say('Aborted', 'The camera is not connected');
  if (situation.lightFault) return say('Aborted', 'Light fault: the last pictures were black or out of their limits');
  if (situation.storeFull) return say('Aborted', 'The record store takes no more parts');
  if (!plc.connected) return say('Stopped', 'The PLC is not connected');
  if (!plc.mapAccepted) return say('Stopped', 'The PLC expects another register map');
  if (!plc.peerHeartbeatAlive) return say('Stopped', "The PLC's heartbeat stands still");
  if (golden !== 'passed' && !situation.bypassed) return say('Held', situation.goldenDetail);
  if (situation.idleMs === undefined) return say('Idle', 'Ready, waiting for the first part');
  if (situation.idleMs > executingMs) return say('Suspended', 'Ready, no parts arrive');
  return say('Execute', situation.bypassed ? 'Running with the golden check bypassed' : 'Running');
}

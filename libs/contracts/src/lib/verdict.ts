/** What the station tells the PLC about one part. Only `pass` lets a part through. */
export type VerdictKind = 'pass' | 'reject' | 'review' | 'error';

/** A part announced by the PLC. */
export interface PartTrigger {
  /** 1 to 65535, wraps to 1; 0 is reserved. */
  readonly partSeq: number;
  /** Encoder latched at the trigger, u32 counts. */
  readonly encoder: number;
  readonly partId: string;
  readonly recipeId: number;
  readonly triggeredAtMs: number;
  /**
   * How long the PLC may have held the announcement back, ms: since it last could have announced the part and did not.
   * Infinity when it could not, undefined where nobody knows.
   */
  readonly heldAtMostMs?: number;
}

export interface PartVerdict {
  readonly partSeq: number;
  readonly verdict: VerdictKind;
  /** 0 none; see `reasonCodes` in libs/plc. */
  readonly reasonCode: number;
  /** Bit i set: class i of the bundle was found. */
  readonly defectClassMask: number;
  readonly defectCount: number;
  /** 0 to 1. */
  readonly topScore: number;
  readonly latencyMs: number;
  readonly inferenceMs: number;
  readonly encoder: number;
  readonly modelHash16: number;
}

/**
 * What became of a verdict on its way to the PLC.
 * `delivered`: the PLC has it (client role: write confirmed; server role: acknowledged). `published`: stands in the
 * block, not yet acknowledged. `ambiguous`: a write timed out, the PLC may or may not have it; never repeated, the part
 * counts as rejected. `refused`: late, unknown or overrun, with the code.
 */
export type VerdictOutcome =
  | { readonly kind: 'delivered'; readonly atMs: number }
  | { readonly kind: 'published'; readonly atMs: number }
  | { readonly kind: 'ambiguous'; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string };

/** Why TRIGGER_READY is withheld; empty means ready. */
export interface StationCondition {
  readonly online: boolean;
  readonly goldenDue: boolean;
  readonly goldenFailed: boolean;
  readonly degraded: boolean;
  readonly lightFault: boolean;
  readonly storeFull: boolean;
  readonly clockUnsynchronised: boolean;
  readonly activeRecipeId: number;
}

export interface PlcLinkStatus {
  readonly role: 'server' | 'client';
  readonly state: 'offline' | 'ready' | 'acquiring' | 'inspecting' | 'result-pending' | 'error';
  readonly connected: boolean;
  readonly peerHeartbeatAlive: boolean;
  readonly mapAccepted: boolean;
  /** Names of the bits that are set, for the page and the log. */
  readonly controlBits: readonly string[];
  readonly statusBits: readonly string[];
  readonly queueDepth: number;
  readonly inspected: number;
  readonly rejected: number;
  readonly missedTriggers: number;
  readonly overruns: number;
  readonly faults: Readonly<Record<string, number>>;
}

/** The station's side of the verdict handshake, the same in both Modbus roles. */
export interface PlcLink {
  /** Parts as the PLC announces them, each part sequence once. Iterated once; bounded, overflow is a missed trigger. */
  triggers(stop: AbortSignal): AsyncIterable<PartTrigger>;
  publish(verdict: PartVerdict): Promise<VerdictOutcome>;
  setCondition(condition: StationCondition): void;
  status(): PlcLinkStatus;
  close(): Promise<void>;
}

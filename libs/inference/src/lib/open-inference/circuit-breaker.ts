/** When a caller may use the remote side. Pure: time comes in with every call. */
export interface CircuitBreaker {
  /** `use`: try the remote side. `skip`: leave it alone. `probe`: leave it alone, and start one probe aside. */
  decide(nowMs: number): 'use' | 'skip' | 'probe';
  succeeded(): void;
  /** @param code why; a fault that repeating cannot heal opens the circuit at once */
  failed(nowMs: number, code: string, openAtOnce: boolean): void;
  probeSucceeded(): void;
  probeFailed(nowMs: number, code: string): void;
  state(): CircuitState;
}

export interface CircuitState {
  readonly open: boolean;
  /** Code of the last failure; undefined while all is well. */
  readonly cause: string | undefined;
  readonly failuresInRow: number;
  readonly opened: number;
  readonly probes: number;
}

export interface CircuitPolicy {
  /** So many failures in a row open the circuit. */
  readonly failureThreshold: number;
  /** Wait before the first probe; doubles with every failed probe. */
  readonly firstProbeMs: number;
  readonly maxProbeMs: number;
}

export function createCircuitBreaker(policy: CircuitPolicy): CircuitBreaker {
  let open = false;
  let probing = false;
  let failuresInRow = 0;
  let cause: string | undefined;
  let waitMs = policy.firstProbeMs;
  let probeAtMs = 0;
  let opened = 0;
  let probes = 0;

  const trip = (nowMs: number): void => {
    if (!open) opened += 1;
    open = true;
    waitMs = policy.firstProbeMs;
    probeAtMs = nowMs + waitMs;
  };
  return {
    decide: (nowMs) => {
      if (!open) return 'use';
      if (probing || nowMs < probeAtMs) return 'skip';
      probing = true;
      probes += 1;
      return 'probe';
    },
    succeeded: () => {
      // An answer that was under way when the circuit opened does not close it: that is for the probe.
      if (open) return;
      failuresInRow = 0;
      cause = undefined;
    },
    failed: (nowMs, code, openAtOnce) => {
      failuresInRow += 1;
      cause = code;
      if (!open && (openAtOnce || failuresInRow >= policy.failureThreshold)) trip(nowMs);
    },
    probeSucceeded: () => {
      open = false;
      probing = false;
      failuresInRow = 0;
      cause = undefined;
    },
    probeFailed: (nowMs, code) => {
      probing = false;
      cause = code;
      waitMs = Math.min(waitMs * 2, policy.maxProbeMs);
      probeAtMs = nowMs + waitMs;
    },
    state: () => ({ open, cause, failuresInRow, opened, probes }),
  };
}

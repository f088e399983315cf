import type { VerdictOutcome } from '@edge-blueprints/contracts';

/** Verdicts whose outcome the caller still waits for. */
export interface Publications {
  wait(ticket: number, atMs: number): Promise<VerdictOutcome>;
  settle(ticket: number, outcome: VerdictOutcome): void;
  /** Those that waited long enough are told `published`. */
  tick(atMs: number): void;
  settleAll(outcome: VerdictOutcome): void;
}

export function createPublications(ackWaitMs: number): Publications {
  const waiting = new Map<number, { readonly sinceMs: number; readonly resolve: (outcome: VerdictOutcome) => void }>();
  const settle = (ticket: number, outcome: VerdictOutcome): void => {
    waiting.get(ticket)?.resolve(outcome);
    waiting.delete(ticket);
  };
  return {
    wait: (ticket, atMs) => new Promise((resolve) => waiting.set(ticket, { sinceMs: atMs, resolve })),
    settle,
    tick: (atMs) => {
      for (const [ticket, { sinceMs }] of [...waiting]) {
        if (atMs - sinceMs >= ackWaitMs) settle(ticket, { kind: 'published', atMs: sinceMs });
      }
    },
    settleAll: (outcome) => {
      for (const ticket of [...waiting.keys()]) settle(ticket, outcome);
    },
  };
}

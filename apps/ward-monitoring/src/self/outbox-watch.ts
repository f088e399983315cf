export interface OutboxWatchOptions {
  /** Nothing left the outbox for so long although something waits. */
  readonly stuckMs: number;
  readonly mostWaiting: number;
}

/** Tells whether what waits for others still leaves. Alarms do not depend on it. */
export interface OutboxWatch {
  /** About once a second for each outbox by its name. */
  take(name: string, waiting: number, nowMs: number): void;
  /** In words, while one is degraded. */
  problem(): string | undefined;
}

export function createOutboxWatch({ stuckMs, mostWaiting }: OutboxWatchOptions): OutboxWatch {
  const boxes = new Map<string, { waiting: number; movedMs: number }>();
  const problems = new Map<string, string>();
  return {
    take(name, waiting, nowMs) {
      const box = boxes.get(name) ?? { waiting, movedMs: nowMs };
      boxes.set(name, box);
      if (waiting === 0 || waiting < box.waiting) box.movedMs = nowMs;
      box.waiting = waiting;
      // Without numbers, so that one alarm does not become many.
      if (nowMs - box.movedMs >= stuckMs) problems.set(name, `${name} takes nothing: what is meant for it waits here`);
      else if (waiting > mostWaiting) problems.set(name, `More than ${mostWaiting} wait for ${name}`);
      else problems.delete(name);
    },
    problem: () => (problems.size === 0 ? undefined : [...problems.values()].join('; ')),
  };
}

/** Tells a device that came back over a new link from two devices that push each other out. */
export interface TakeoverWatch {
  /** @returns true when this takeover makes the name a clone */
  takeover(name: string, nowMs: number): boolean;
  /** True while new connections of the name are held off. */
  held(name: string, nowMs: number): boolean;
}

/** Keeps at most `names` names; the one that was quiet longest goes first. */
export function createTakeoverWatch(options: {
  readonly takeovers: number;
  readonly windowMs: number;
  readonly holdMs: number;
  readonly names?: number;
}): TakeoverWatch {
  const capacity = options.names ?? 10_000;
  const recent = new Map<string, readonly number[]>();
  const heldUntil = new Map<string, number>();
  return {
    takeover(name, nowMs) {
      const times = [...(recent.get(name) ?? []).filter((at) => at > nowMs - options.windowMs), nowMs];
      recent.delete(name);
      if (times.length < options.takeovers) {
        recent.set(name, times);
        const oldest = recent.size > capacity ? recent.keys().next().value : undefined;
        if (oldest !== undefined) recent.delete(oldest);
        return false;
      }
      heldUntil.set(name, nowMs + options.holdMs);
      return true;
    },
    held(name, nowMs) {
      const until = heldUntil.get(name);
      if (until === undefined) return false;
      if (nowMs < until) return true;
      heldUntil.delete(name);
      return false;
    },
  };
}

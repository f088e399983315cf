/** A quota that refills steadily. Debt is allowed, so that order is kept: whoever comes later waits longer. */
export interface TokenBucket {
  /** Takes the tokens. @returns ms until they would have been there, 0 when they are */
  take(tokens: number, nowMs: number): number;
  /** @returns false, and takes nothing, when there are not enough */
  tryTake(tokens: number, nowMs: number): boolean;
}

export function createTokenBucket(tokensPerSecond: number, burst: number): TokenBucket {
  let level = burst;
  let filledAtMs = Number.NEGATIVE_INFINITY;
  const fill = (nowMs: number): void => {
    if (nowMs <= filledAtMs) return;
    const sinceMs = nowMs - filledAtMs;
    level = Math.min(burst, level + (sinceMs / 1_000) * tokensPerSecond);
    filledAtMs = nowMs;
  };
  return {
    take(tokens, nowMs) {
      fill(nowMs);
      level -= tokens;
      return level >= 0 ? 0 : (-level / tokensPerSecond) * 1_000;
    },
    tryTake(tokens, nowMs) {
      fill(nowMs);
      if (level < tokens) return false;
      level -= tokens;
      return true;
    },
  };
}

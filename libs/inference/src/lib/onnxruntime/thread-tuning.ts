import type { ThreadSetting, TuningSample } from './session-protocol.js';

export interface ThreadChoice extends ThreadSetting {
  readonly p50Ms: number;
}

/** More threads than this do not pay for nano-size models, and the station's other work needs cores. */
const mostThreads = 4;
/** Spinning threads take the core from everything else on the box, so they must win by this share. */
const spinningPenalty = 0.1;
/** Each further thread must win by this share: the station's other work needs cores too. */
const threadPenalty = 0.1;

/** What a session gets while nothing is known about the machine: the setting that disturbs the others least. */
export const cautiousSetting: ThreadSetting = { threads: 1, spinning: false };

/** The settings worth a trial, the most likely winners first. One thread never waits for another, so it never spins. */
export function threadCandidates(cores: number): readonly ThreadSetting[] {
  const counts = Array.from({ length: Math.max(1, Math.min(cores, mostThreads)) }, (_, i) => i + 1);
  const quiet = counts.map((threads) => ({ threads, spinning: false }));
  const spinning = counts.slice(1).map((threads) => ({ threads, spinning: true }));
  return [...quiet, ...spinning];
}

/** The setting with the lowest median after penalties; undefined when nothing was measured. */
export function chooseThreads(samples: readonly TuningSample[]): ThreadChoice | undefined {
  let best: { readonly choice: ThreadChoice; readonly cost: number } | undefined;
  for (const { setting, runMs } of samples) {
    const p50Ms = median(runMs);
    if (p50Ms === undefined) continue;
    const cost = p50Ms * (1 + threadPenalty * (setting.threads - 1)) * (setting.spinning ? 1 + spinningPenalty : 1);
    if (best === undefined || cost < best.cost) best = { choice: { ...setting, p50Ms }, cost };
  }
  return best?.choice;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

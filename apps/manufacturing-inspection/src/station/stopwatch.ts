import type { StageTimings } from '../judgement.js';

type Stage = Exclude<keyof StageTimings, 'runMs'>;

/** Measures one stage after the other. After a fault the time since the last lap counts for the stage that is named next. */
export function createStopwatch(nowMs: () => number): {
  lap(stage: Stage): void;
  laps(): Readonly<Record<Stage, number>>;
} {
  const laps: Record<Stage, number> = { preprocessMs: 0, inferMs: 0, postprocessMs: 0, decideMs: 0 };
  let lastMs = nowMs();
  return {
    lap: (stage) => {
      const now = nowMs();
      laps[stage] = now - lastMs;
      lastMs = now;
    },
    laps: () => laps,
  };
}

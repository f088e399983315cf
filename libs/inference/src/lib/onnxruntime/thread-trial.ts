import { setTimeout as rest } from 'node:timers/promises';
import type { Tensors } from '@edge-blueprints/contracts';
import type { ModelSource } from './optimised-model.js';
import type { OrtSession } from './ort-session.js';
import { createSession, runSession } from './ort-session.js';
import type { ThreadSetting, TuningSample } from './session-protocol.js';

/** Enough for a median that one interruption does not move. */
const mostRounds = 15;
/**
 * Pause before each timed run. Frames come with gaps, in which the threads fall asleep and the caches cool; a tight loop
 * would favour a number of threads that a camera never lets run warm.
 */
const restMs = 15;

export interface ThreadTrial {
  readonly source: ModelSource;
  readonly provider: string;
  readonly inputs: Tensors;
  readonly settings: readonly ThreadSetting[];
  readonly budgetMs: number;
}

/**
 * Times the model under each setting, interleaved, so that a busy spell of the machine hits all of them alike. Sessions
 * are made in the given order until half the budget is spent; what is measured then ends with the budget. One run of
 * each is left out as warm-up. A slow model may so leave the later settings without samples.
 */
export async function timeThreadSettings(trial: ThreadTrial): Promise<readonly TuningSample[]> {
  const startedMs = performance.now();
  const spentMs = (): number => performance.now() - startedMs;
  const entries: { readonly setting: ThreadSetting; readonly session: OrtSession; readonly runMs: number[] }[] = [];
  try {
    for (const setting of trial.settings) {
      if (entries.length > 0 && spentMs() > trial.budgetMs / 2) break;
      const session = await createSession(trial.source, { provider: trial.provider, setting });
      entries.push({ setting, session, runMs: [] });
      await runSession(session, trial.inputs);
    }
    for (let round = 0; round < mostRounds && spentMs() < trial.budgetMs; round += 1) {
      for (const { session, runMs } of entries) {
        if (spentMs() > trial.budgetMs) break;
        await rest(restMs);
        runMs.push((await runSession(session, trial.inputs)).runMs);
      }
    }
    return entries.map(({ setting, runMs }) => ({ setting, runMs }));
  } finally {
    for (const { session } of entries) await session.release();
  }
}

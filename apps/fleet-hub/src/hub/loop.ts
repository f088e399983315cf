import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';

/**
 * Does something again and again, never twice at once. A failure is logged, and the next turn tries again.
 * @param run returns true when more waits, which is then done at once
 * @returns a function that stops, and resolves when the running turn is over
 */
export function startLoop(
  options: { readonly name: string; readonly everyMs: number; readonly log: Logger },
  run: (signal: AbortSignal) => Promise<boolean | void>,
): () => Promise<void> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let failing = false;
  const go = async (): Promise<void> => {
    let more = true;
    try {
      while (more && !stop.signal.aborted) more = (await run(stop.signal)) === true;
      failing = false;
    } catch (error) {
      // A store that is away fails each turn; one line tells it.
      if (!failing && !stop.signal.aborted)
        options.log.warn('hub.job-failed', {
          job: options.name,
          code: errorCode(error),
          message: errorMessage(error),
        });
      failing = true;
    }
    if (!stop.signal.aborted) timer = setTimeout(start, options.everyMs);
  };
  const start = (): void => {
    turn = go();
  };
  timer = setTimeout(start, Math.min(options.everyMs, 50));
  return async () => {
    stop.abort();
    clearTimeout(timer);
    await turn;
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';

/** Does `work` again and again with a pause between, never twice at once, until the signal. A failure is logged, and the next try comes. */
export async function repeat(
  name: string,
  everyMs: number,
  work: () => Promise<void>,
  deps: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<void> {
  while (!deps.signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (!deps.signal.aborted) deps.logger.warn('hub.job-failed', { job: name, message: errorMessage(error) });
    }
    await pause(everyMs, undefined, { signal: deps.signal }).catch(() => undefined);
  }
}

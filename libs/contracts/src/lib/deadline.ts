/**
 * Runs with a signal that aborts when `stop` does, or with a `TimeoutError` after the time. Not
 * `AbortSignal.any([stop, AbortSignal.timeout(ms)])`: Node may collect the timer's signal before it fires (nodejs/node#57736),
 * and whoever waits for a peer that hangs would wait for ever.
 * @param timeoutMs from now until `run` has ended
 */
export async function withDeadline<T>(
  timeoutMs: number,
  stop: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stopped = (): void => limit.abort(stop.reason);
  if (stop.aborted) stopped();
  stop.addEventListener('abort', stopped, { once: true });
  const timer = setTimeout(
    () => limit.abort(new DOMException(`No answer within ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  );
  try {
    return await run(limit.signal);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', stopped);
  }
}

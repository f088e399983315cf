import { DeviceError, type Clock, type InferOptions } from '@edge-blueprints/contracts';

/** Node fires longer timers at once. */
const longestTimerMs = 2 ** 31 - 1;

/** One signal for deadline, caller and engine, whose reason is the error to throw. Release it when the call settled. */
export interface CallLimit {
  readonly signal: AbortSignal;
  release(): void;
}

/** @param within signals of the engine, whose reasons are passed on */
export function limitCall(
  clock: Clock,
  options: InferOptions & { readonly deadlineMs: number },
  within: AbortSignal,
): CallLimit {
  const { deadlineMs, signal } = options;
  const controller = new AbortController();
  const onAbort = () => controller.abort(aborted());
  const onClose = () => controller.abort(within.reason);
  const late = () => controller.abort(deadlinePassed(deadlineMs));
  const leftMs = deadlineMs - clock.monotonicMs();
  if (within.aborted) onClose();
  else if (signal?.aborted === true) onAbort();
  else if (leftMs <= 0) late();
  signal?.addEventListener('abort', onAbort, { once: true });
  within.addEventListener('abort', onClose, { once: true });
  const timer = controller.signal.aborted ? undefined : setTimeout(late, Math.min(Math.ceil(leftMs), longestTimerMs));
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      within.removeEventListener('abort', onClose);
    },
  };
}

export const aborted = (): DeviceError =>
  new DeviceError('infer.aborted', 'The caller aborted the call.', { retry: 'safe' });

export const deadlinePassed = (deadlineMs: number): DeviceError =>
  new DeviceError('infer.deadline', `The answer was due at ${deadlineMs.toFixed(1)} ms (monotonic) and is late.`, {
    retry: 'safe',
    context: { deadlineMs },
  });

export const disposed = (): DeviceError =>
  new DeviceError('infer.disposed', 'The engine was disposed. Create a new one.');

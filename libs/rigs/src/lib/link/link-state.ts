import { z } from 'zod';

const bytesPerSecond = z.int().min(1).max(1e9);
const pauseMs = z.int().min(10).max(3_600_000);

/**
 * `cut`: connections are reset, new ones refused. `blackhole`: connections stay, nothing passes and nobody is told. `slow`: so
 * many bytes a second each way. `flap`: up and cut in turn.
 */
export const linkStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('up') }),
  z.strictObject({ state: z.literal('cut') }),
  z.strictObject({ state: z.literal('blackhole') }),
  z.strictObject({ state: z.literal('slow'), bytesPerSecond }),
  z.strictObject({ state: z.literal('flap'), upMs: pauseMs.default(1_000), downMs: pauseMs.default(1_000) }),
]);
export type LinkState = z.infer<typeof linkStateSchema>;

/** Lets bytes pass, holds them, or lets them pass at a pace. */
export interface LinkGate {
  /** Resolves when so many bytes may go. Rejects when the signal fires. */
  pass(bytes: number, signal: AbortSignal): Promise<void>;
  /** The largest piece that may go at once. */
  piece(): number;
  set(mode: 'open' | 'held' | { readonly bytesPerSecond: number }): void;
}

const largestPiece = 65_536;

/** One for each direction. */
export function createLinkGate(now: () => number): LinkGate {
  let mode: Parameters<LinkGate['set']>[0] = 'open';
  let freeAtMs = 0;
  let changed: () => void = () => undefined;
  let change = new Promise<void>((resolve) => (changed = resolve));
  /** Until the time has passed, the mode is another, or the signal fires. */
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    let cancel: () => void = () => undefined;
    const over = new Promise<void>((resolve, reject) => {
      const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      cancel = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      };
    });
    try {
      await Promise.race([over, change]);
    } finally {
      cancel();
    }
  };
  return {
    async pass(bytes, signal) {
      for (;;) {
        signal.throwIfAborted();
        const current = mode;
        if (current === 'open') return;
        if (current === 'held') {
          await wait(Infinity, signal);
          continue;
        }
        freeAtMs = Math.max(freeAtMs, now()) + (bytes / current.bytesPerSecond) * 1_000;
        await wait(freeAtMs - now(), signal);
        if (mode === current) return;
      }
    },
    piece: () =>
      typeof mode === 'object' ? Math.max(1, Math.min(largestPiece, mode.bytesPerSecond / 10)) : largestPiece,
    set(next) {
      mode = next;
      freeAtMs = 0;
      const tell = changed;
      change = new Promise<void>((resolve) => (changed = resolve));
      tell();
    },
  };
}

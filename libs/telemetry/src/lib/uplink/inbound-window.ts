export interface InboundWindow {
  /**
   * @param handle the receiver; `settled` follows in any case
   * @param proceed lets the connection be read on; held back while too much is being handled
   */
  take(handle: () => Promise<void> | void, settled: (error?: unknown) => void, proceed: () => void): void;
  /** A publish of our own has begun. */
  publishing(): void;
  /** The connection is over: nothing is held any more. */
  reset(): void;
}

/**
 * Handles up to `window` messages at a time and then stops reading, so that a slow receiver slows the broker down. A PUBACK
 * stands behind further messages on the same connection, so a receiver that waits for a publish of its own must not count:
 * each open publish makes room for one more message. Otherwise both sides would wait for each other for ever.
 */
export function createInboundWindow(window: number, openPublishes: () => number): InboundWindow {
  let handling = 0;
  let held: (() => void) | undefined;
  const readOn = (): void => {
    if (!held || handling - openPublishes() >= window) return;
    const proceed = held;
    held = undefined;
    proceed();
  };
  return {
    take(handle, settled, proceed) {
      handling += 1;
      held = proceed;
      const end = (error?: unknown): void => {
        handling -= 1;
        settled(error);
        readOn();
      };
      new Promise<void>((resolve) => resolve(handle())).then(() => end(), end);
      readOn();
    },
    publishing: readOn,
    reset() {
      held = undefined;
    },
  };
}

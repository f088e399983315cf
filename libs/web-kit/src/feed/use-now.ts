import { useSyncExternalStore } from 'react';

const tickMs = 500;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = Date.now();

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    nowMs = Date.now();
    timer = setInterval(() => {
      nowMs = Date.now();
      for (const each of listeners) each();
    }, tickMs);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The browser's clock in steps of half a second: one timer for all ages on the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

/** What follows from the clock, in the same steps; renders again only when it changes. */
export function useAtNow<T extends string | number | boolean | null>(derive: (nowMs: number) => T): T {
  return useSyncExternalStore(subscribe, () => derive(nowMs));
}

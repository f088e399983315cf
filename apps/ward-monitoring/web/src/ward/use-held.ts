import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

const releaseMs = 4_000;

/** True while somebody points at, touches or moves by keyboard inside of the element, and for a moment after. */
export function useHeld<E extends HTMLElement>(): { readonly ref: RefObject<E | null>; readonly held: boolean } {
  const ref = useRef<E>(null);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hold = (): void => {
      setHeld(true);
      clearTimeout(timer);
      timer = setTimeout(() => setHeld(false), releaseMs);
    };
    const events = ['pointermove', 'pointerdown', 'focusin', 'keydown', 'touchmove'] as const;
    for (const event of events) element.addEventListener(event, hold, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const event of events) element.removeEventListener(event, hold);
    };
  }, []);
  return { ref, held };
}

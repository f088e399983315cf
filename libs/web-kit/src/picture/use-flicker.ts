import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** Under two changes a second: enough for the eye to catch a difference, well below three flashes a second. */
const changeMs = 600;

export interface Flicker {
  readonly second: boolean;
  readonly running: boolean;
  /** The person wants less motion: pictures change only by hand. */
  readonly reduced: boolean;
  toggle(): void;
}

export function useFlicker(on: boolean): Flicker {
  const reduced = useReducedMotion();
  const [running, setRunning] = useState(true);
  const [second, setSecond] = useState(false);
  useEffect(() => {
    if (!on || !running || reduced) return;
    const timer = setInterval(() => setSecond((shown) => !shown), changeMs);
    return () => clearInterval(timer);
  }, [on, running, reduced]);
  return {
    second,
    running,
    reduced,
    toggle: () => (reduced ? setSecond((shown) => !shown) : setRunning((now) => !now)),
  };
}

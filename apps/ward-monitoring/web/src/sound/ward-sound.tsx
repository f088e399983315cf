import { Button } from '@mantine/core';
import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { journalNow } from '../feed/journal-now.js';
import type { WardState } from '../feed/ward-feed.js';
import { strings } from '../strings.js';
import { dueSignal, nextSounding, silent } from './sound-schedule.js';
import type { Sounder, SoundState } from './sounder.js';
import styles from './ward-sound.module.css';

export const SounderContext = createContext<Sounder | null>(null);
const checkMs = 250;

export function useSounder(): Sounder {
  const sounder = useContext(SounderContext);
  if (sounder === null) throw new TypeError('SounderContext is empty');
  return sounder;
}

export function useSoundState(): SoundState {
  const sounder = useSounder();
  return useSyncExternalStore(sounder.subscribe, sounder.state);
}

/** Plays what is due, looked at four times a second. */
export function useWardSound(state: () => WardState): void {
  const sounder = useSounder();
  const sounding = useRef(silent);
  useEffect(() => {
    const timer = setInterval(() => {
      const now = state();
      const due = dueSignal(now.alarms, now.link === 'lost', journalNow(now, Date.now()));
      const step = nextSounding(sounding.current, due, Date.now());
      sounding.current = step.sounding;
      if (step.play !== null) sounder.play(step.play);
    }, checkMs);
    return () => clearInterval(timer);
  }, [sounder, state]);
}

/** Silence must be told: a station that cannot be heard says so for as long as that lasts. */
export function SoundLocked(): ReactNode {
  const sounder = useSounder();
  const state = useSoundState();
  const connected = useFeedPart(({ view }) => view !== null);
  if (state === 'ready' || !connected) return null;
  return (
    <section className={styles.locked} aria-label={strings.sound.label}>
      <p>
        <strong>{strings.sound[state]}</strong> {strings.sound[`${state}Detail`]}
      </p>
      {state === 'locked' && <Button onClick={() => void sounder.unlock()}>{strings.sound.unlock}</Button>}
    </section>
  );
}

import { bursts } from './sound-schedule.js';
import type { Signal } from './sound-schedule.js';

/** `locked`: the browser plays nothing before somebody has touched the page. */
export type SoundState = 'locked' | 'ready' | 'failed';

export interface Sounder {
  state(): SoundState;
  subscribe(listener: () => void): () => void;
  /** To be called from a click or key. */
  unlock(): Promise<void>;
  play(signal: Signal): void;
}

const rampS = 0.02;
const loudness: Readonly<Record<Signal, number>> = { lost: 0.6, PH: 0.6, PM: 0.45, PL: 0.3 };

/** Tones by Web Audio: no file has to be loaded, so that the lost link can be heard as well. */
export function createSounder(): Sounder {
  const listeners = new Set<() => void>();
  let context: AudioContext | null = null;
  let state: SoundState = 'locked';
  const note = (next: SoundState): void => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };
  const follow = (): void => note(context?.state === 'running' ? 'ready' : 'locked');
  const open = (): AudioContext => {
    if (context !== null) return context;
    context = new AudioContext();
    context.addEventListener('statechange', follow);
    return context;
  };
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unlock: async () => {
      try {
        await open().resume();
        follow();
      } catch {
        // A machine without a sound device: the page says so instead of looking silent.
        note('failed');
      }
    },
    play: (signal) => {
      if (context === null || context.state !== 'running') return;
      for (const { atS, forS, hz } of bursts[signal])
        tone(context, context.currentTime + atS, forS, hz, loudness[signal]);
    },
  };
}

function tone(context: AudioContext, startS: number, forS: number, hz: number, level: number): void {
  const oscillator = new OscillatorNode(context, { frequency: hz, type: 'triangle' });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, startS);
  gain.gain.linearRampToValueAtTime(level, startS + rampS);
  gain.gain.setValueAtTime(level, startS + forS - rampS);
  gain.gain.linearRampToValueAtTime(0, startS + forS);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(startS);
  oscillator.stop(startS + forS);
}

import type { ContinuousParameter } from '../scores/observations/signal-window.js';
import { signalNames } from './limit-settings.js';

/** What a watch has to say; the engine keeps the delay. */
export interface WatchWord {
  readonly state: 'true' | 'false' | 'unknown';
  readonly onsetMs?: number;
  readonly delayMs?: number;
  readonly text: string;
  /** With `unknown`: it was no alarm yet, so nothing stays. */
  readonly dropped?: true;
}

export interface WatchedSample {
  readonly value: number;
  readonly measuredMs: number;
  /** The patient moves, or the sample is suspect: the condition must last longer. */
  readonly doubtful: boolean;
}

export interface ThresholdWatchOptions {
  readonly parameter: ContinuousParameter;
  readonly side: 'below' | 'above';
  readonly noticeMs: number;
  readonly clearAfterMs: number;
  /** Delay of the engine. */
  readonly delayMs: number;
  /**
   * Until the delay is over, samples within the limit for less than this (and than half the delay) do not end the matter: a value
   * that is truly beyond it crosses back with the noise of a sensor. That time does not count, the delay is longer by it.
   */
  readonly forgivenMs: number;
  readonly doubtfulDelayMs: number;
}

export interface ThresholdWatch {
  /** Samples must come in the order of their times; older ones are left out. @returns undefined where there is nothing new */
  take(sample: WatchedSample, limit: number): WatchWord | undefined;
  /** The signal is gone. What lasted long enough stays, as not known. */
  lose(nowMs: number): WatchWord | undefined;
  /** After a restart: the engine has this alarm, and only samples can end it. */
  adopt(onsetMs: number): void;
  /** Whether the condition lasted as long as an alarm needs. */
  readonly persisted: boolean;
  /** Since its first sample beyond the limit: before the engine hears of it, and while the delay runs. */
  readonly beyond: boolean;
}

const updateMs = 5_000;

/**
 * One limit of one signal: clear, beyond the limit since `onsetMs`, or lost. Doubt lasts as long as the episode, so that a good
 * sample in between does not shorten the wait again. A condition that was true is over only after `clearAfterMs` of samples
 * within the limit; time without samples is never evidence of health.
 */
export function createThresholdWatch(options: ThresholdWatchOptions): ThresholdWatch {
  const { parameter, side, noticeMs, clearAfterMs, delayMs, doubtfulDelayMs } = options;
  const forgivenRunMs = Math.min(options.forgivenMs, delayMs / 2);
  let lastMs = Number.NEGATIVE_INFINITY;
  let onsetMs: number | undefined;
  let doubtful = false;
  let worst = 0;
  let withinSinceMs: number | undefined;
  let said: 'true' | 'false' | 'unknown' = 'false';
  let saidText = '';
  let saidDelay = 0;
  let saidMs = 0;
  let persisted = false;
  /** Time within the limit since the onset that did not end the matter. */
  let forgivenMs = 0;

  const neededMs = (): number => (doubtful ? Math.max(delayMs, doubtfulDelayMs) : delayMs) + forgivenMs;
  const reset = (): void => {
    onsetMs = undefined;
    doubtful = false;
    withinSinceMs = undefined;
    persisted = false;
    forgivenMs = 0;
  };
  const end = (text: string): WatchWord | undefined => {
    reset();
    if (said === 'false') return undefined;
    said = 'false';
    return { state: 'false', text };
  };

  const tell = (text: string, since: number, atMs: number): WatchWord => {
    said = 'true';
    saidText = text;
    saidDelay = neededMs();
    saidMs = atMs;
    return { state: 'true', onsetMs: since, ...(saidDelay > delayMs ? { delayMs: saidDelay } : {}), text };
  };

  return {
    take({ value, measuredMs, doubtful: doubt }, limit) {
      if (measuredMs <= lastMs) return undefined;
      const sinceLastMs = measuredMs - lastMs;
      lastMs = measuredMs;
      const { name, unit } = signalNames[parameter];
      const beyond = side === 'below' ? value < limit : value > limit;
      if (!beyond) {
        if (onsetMs === undefined) return undefined;
        withinSinceMs ??= measuredMs;
        const waiting = said !== 'unknown' && !persisted;
        const enoughMs = waiting ? forgivenRunMs : clearAfterMs;
        if (measuredMs - withinSinceMs >= enoughMs)
          return end(`${name} ${value} ${unit}, within the limit of ${limit} ${unit}`);
        if (!waiting) return undefined;
        forgivenMs += sinceLastMs;
        return said === 'true' ? tell(saidText, onsetMs, measuredMs) : undefined;
      }
      withinSinceMs = undefined;
      worst = onsetMs === undefined ? value : side === 'below' ? Math.min(worst, value) : Math.max(worst, value);
      onsetMs ??= measuredMs;
      doubtful ||= doubt;
      persisted ||= measuredMs - onsetMs >= neededMs();
      if (measuredMs - onsetMs < Math.min(noticeMs, neededMs())) return undefined;
      const text = `${name} ${worst} ${unit}, limit ${limit} ${unit}${doubtful ? ', moving or doubted' : ''}`;
      const needed = neededMs();
      const news = said !== 'true' || (needed !== saidDelay && !persisted);
      if (!news && (text === saidText || measuredMs - saidMs < updateMs)) return undefined;
      return tell(text, onsetMs, measuredMs);
    },
    lose(nowMs) {
      const text = `${signalNames[parameter].name}: signal lost, last known ${worst}`;
      if (said === 'unknown') return undefined;
      persisted ||= said === 'true' && onsetMs !== undefined && nowMs - onsetMs >= neededMs();
      withinSinceMs = undefined;
      if (persisted) {
        said = 'unknown';
        return { state: 'unknown', text };
      }
      reset();
      if (said === 'false') return undefined;
      said = 'false';
      return { state: 'unknown', text, dropped: true };
    },
    adopt(sinceMs) {
      onsetMs = sinceMs;
      persisted = true;
      said = 'unknown';
    },
    get persisted() {
      return persisted;
    },
    get beyond() {
      return onsetMs !== undefined && withinSinceMs === undefined;
    },
  };
}

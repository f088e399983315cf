import { UsageError } from '@edge-blueprints/contracts';
import type { StoryCommand, StoryStep } from './story.js';

export interface StoryView {
  readonly id: string;
  readonly running: boolean;
  /** Until it ends by itself; null while it does not run or needs a reset. */
  readonly secondsLeft: number | null;
}

export interface StoryTeller {
  /** Starts a step, or starts its time anew. @throws UsageError `demo.step-unknown` */
  begin(id: string): void;
  /** @throws UsageError `demo.step-unknown` */
  end(id: string): void;
  /** Everything as at the start. */
  reset(): void;
  view(): readonly StoryView[];
}

/** Runs the steps of the story; each goes back by itself where it says so. */
export function createStoryTeller(
  story: readonly StoryStep[],
  options: {
    readonly send: (command: StoryCommand) => void;
    readonly nowMs: () => number;
    readonly after: (ms: number, then: () => void) => () => void;
  },
): StoryTeller {
  const running = new Map<string, { readonly untilMs: number | null; readonly cancel: () => void }>();
  const stepOf = (id: string): StoryStep => {
    const step = story.find((known) => known.id === id);
    if (step) return step;
    throw new UsageError(
      'demo.step-unknown',
      `There is no step ${id}; there are ${story.map((known) => known.id).join(', ')}`,
    );
  };
  const end = (step: StoryStep): void => {
    running.get(step.id)?.cancel();
    if (running.delete(step.id)) step.end.forEach(options.send);
  };
  return {
    begin: (id) => {
      const step = stepOf(id);
      running.get(id)?.cancel();
      const { seconds } = step;
      running.set(id, {
        untilMs: seconds === null ? null : options.nowMs() + seconds * 1_000,
        cancel: seconds === null ? () => undefined : options.after(seconds * 1_000, () => end(step)),
      });
      step.begin.forEach(options.send);
    },
    end: (id) => end(stepOf(id)),
    reset: () => story.forEach(end),
    view: () =>
      story.map(({ id }) => {
        const state = running.get(id);
        const left = state?.untilMs == null ? null : Math.max(0, Math.ceil((state.untilMs - options.nowMs()) / 1_000));
        return { id, running: state !== undefined, secondsLeft: left };
      }),
  };
}

import type { AlarmCondition } from '@edge-blueprints/contracts';
import type { StoryName } from '../patient/story.js';
import type { TruthEvent } from '../truth/truth-event.js';

/** A limit that the true values were beyond. Times in ms of the ward's own clock. */
export interface LimitCrossing {
  readonly bed: string;
  readonly condition: AlarmCondition;
  /** Id of the story that is to blame. */
  readonly story?: string;
  readonly beganMs: number;
  /** Beyond it without a break for the usual delay; absent: too short to be an alarm. */
  readonly heldMs?: number;
  /** Absent: it lasts. */
  readonly endedMs?: number;
}

/** A story that was told of one patient. */
export interface ToldStory {
  readonly id: string;
  readonly bed: string;
  readonly story: StoryName;
  readonly beganMs: number;
  readonly endedMs?: number;
  readonly expects: readonly AlarmCondition[];
}

/** Joins the events of the truth to crossings and stories. */
export interface TruthBook {
  learn(event: TruthEvent): void;
  crossings(): readonly LimitCrossing[];
  stories(): readonly ToldStory[];
}

export function createTruthBook(): TruthBook {
  const crossings = new Map<string, LimitCrossing>();
  const stories = new Map<string, ToldStory>();
  const change = (id: string, more: Partial<LimitCrossing>): void => {
    const known = crossings.get(id);
    if (known !== undefined) crossings.set(id, { ...known, ...more });
  };
  return {
    learn(event) {
      const { id, bed, atMs } = event;
      switch (event.kind) {
        case 'story-began':
          stories.set(id, { id, bed, story: event.story, beganMs: atMs, expects: event.expects });
          return;
        case 'story-ended': {
          const told = stories.get(id);
          if (told !== undefined) stories.set(id, { ...told, endedMs: atMs });
          return;
        }
        case 'crossing-began': {
          const { condition, story } = event;
          crossings.set(id, { bed, condition, beganMs: atMs, ...(story === undefined ? {} : { story }) });
          return;
        }
        case 'crossing-held':
          change(id, { heldMs: atMs });
          return;
        case 'crossing-ended':
          change(id, { endedMs: atMs });
          return;
        default:
          event satisfies never;
      }
    },
    crossings: () => [...crossings.values()],
    stories: () => [...stories.values()],
  };
}

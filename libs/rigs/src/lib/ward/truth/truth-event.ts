import type { AlarmCondition } from '@edge-blueprints/contracts';
import type { StoryName } from '../patient/story.js';

interface Place {
  /** `bed/07/3` of a story, `bed/07/c12` of a crossing. */
  readonly id: string;
  readonly bed: string;
  readonly device: string;
  /** Milliseconds of Unix time of the ward, without any error of a clock. */
  readonly atMs: number;
}

interface Crossing extends Place {
  readonly condition: AlarmCondition;
  /** Story that is told at this moment; none: it happened by itself, as in life. */
  readonly story?: string;
}

/**
 * What truly happened. A crossing begins when the true value goes beyond the limit, is held once it has been there without a
 * break for the usual delay, and ends when it has been back for a minute (`atMs` is when it came back).
 */
export type TruthEvent =
  | (Place & {
      readonly kind: 'story-began';
      readonly story: StoryName;
      readonly expects: readonly AlarmCondition[];
    })
  | (Place & { readonly kind: 'story-ended'; readonly story: StoryName })
  | (Crossing & { readonly kind: 'crossing-began'; readonly limit: number; readonly value: number })
  | (Crossing & { readonly kind: 'crossing-held'; readonly delayMs: number })
  | (Crossing & { readonly kind: 'crossing-ended'; readonly lastedMs: number; readonly held: boolean });

import type { Clock } from '@edge-blueprints/contracts';
import { createJudge } from '../create-judge.js';
import type { JudgeOptions } from '../create-judge.js';
import { judge } from '../data-path.js';
import type { Judgement } from '../judgement.js';
import type { GoldenPart } from './golden-set.js';

/** The check proves what is judged, not how fast; the parts of the line have their own deadline. */
const deadlineMs = 5_000;

/** The station's judge with the picture and template of a golden part in the camera's place. */
export function createGoldenJudge(
  options: Omit<JudgeOptions, 'templateOf' | 'partDeadlineMs'> & { readonly clock: Clock },
): (part: GoldenPart) => Promise<Judgement> {
  return (part) => {
    const nowMs = options.clock.monotonicMs();
    const template = part.template && ({ ...part.template, format: 'gray8' } as const);
    const frame = {
      ...part.image,
      format: 'gray8',
      source: 'golden',
      sequence: 0,
      capturedAtMs: nowMs,
      receivedAtMs: nowMs,
      epochMs: options.clock.epochMs(),
      name: part.name,
    } as const;
    return judge(
      frame,
      createJudge({ ...options, templateOf: template && (() => template), partDeadlineMs: deadlineMs }),
    );
  };
}

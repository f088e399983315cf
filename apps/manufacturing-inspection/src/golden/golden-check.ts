import { errorMessage } from '@edge-blueprints/contracts';
import type { Judgement } from '../judgement.js';
import type { GoldenInterlock, GoldenResult } from './golden-interlock.js';
import type { GoldenPart } from './golden-set.js';

export interface GoldenCheck {
  /** Runs through the set; settles when it is done. False when a run is under way already. */
  run(): Promise<boolean>;
}

/** Presents the golden parts one after the other to the same judge as the parts of the line. */
export function createGoldenCheck(options: {
  readonly parts: readonly GoldenPart[];
  readonly interlock: GoldenInterlock;
  readonly judge: (part: GoldenPart) => Promise<Judgement>;
  readonly onChange: () => void;
}): GoldenCheck {
  return {
    run: async () => {
      const { interlock } = options;
      const number = interlock.begin();
      if (number === undefined) return false;
      options.onChange();
      try {
        const results: GoldenResult[] = [];
        for (const part of options.parts) results.push(compare(part, await options.judge(part)));
        interlock.finish(number, results);
      } catch (error) {
        interlock.abandon(number, errorMessage(error));
      }
      options.onChange();
      return true;
    },
  };
}

function compare(part: GoldenPart, { decision }: Judgement): GoldenResult {
  const expected = [part.expected, ...part.labels].join(' ');
  if (decision.kind === 'abstain') return { name: part.name, expected, got: `abstain ${decision.code}`, ok: false };
  const found = decision.kind === 'reject' ? [...new Set(decision.defects.map(({ label }) => label))] : [];
  const ok = decision.kind === part.expected && part.labels.every((label) => found.includes(label));
  return { name: part.name, expected, got: [decision.kind, ...found].join(' '), ok };
}

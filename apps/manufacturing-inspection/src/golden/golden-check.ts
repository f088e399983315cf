import { errorMessage } from '@edge-blueprints/contracts';
import type { Judgement } from '../judgement.js';
import type { GoldenInterlock, GoldenResult } from './golden-interlock.js';
import type { GoldenPart } from './golden-set.js';

export interface GoldenCheck {
  /** Runs through the set; settles when it is done. False when a run is under way already. */
  run(): Promise<boolean>;
  /** Whether the model with this digest judged the whole set of the last run, and rightly. */
  proved(digest: string): boolean;
}

type GoldenJudge = (part: GoldenPart) => Promise<Judgement>;

/**
 * Presents the golden parts one after the other to the same judge as the parts of the line, and to the one that stands in
 * where another model takes over without the inference server: taking over then needs no check of its own.
 */
export function createGoldenCheck(options: {
  readonly parts: readonly GoldenPart[];
  readonly interlock: GoldenInterlock;
  readonly judge: GoldenJudge;
  readonly standIn?: GoldenJudge | undefined;
  readonly onChange: () => void;
}): GoldenCheck {
  const proved = new Set<string>();
  const show = async (judge: GoldenJudge, mark: string): Promise<readonly GoldenResult[]> => {
    const results: GoldenResult[] = [];
    const digests = new Set<string>();
    for (const part of options.parts) {
      const judgement = await judgedBySomething(judge, part);
      digests.add(judgement.model.digest);
      const result = compare(part, judgement);
      results.push({ ...result, name: `${result.name}${mark}` });
    }
    const [digest] = digests;
    if (digest !== undefined && digests.size === 1 && results.every(({ ok }) => ok)) proved.add(digest);
    return results;
  };
  return {
    proved: (digest) => proved.has(digest),
    run: async () => {
      const { interlock } = options;
      const number = interlock.begin();
      if (number === undefined) return false;
      options.onChange();
      proved.clear();
      try {
        const results = await show(options.judge, '');
        const others = options.standIn && (await show(options.standIn, ' without the inference server'));
        interlock.finish(number, [...results, ...(others ?? [])]);
      } catch (error) {
        interlock.abandon(number, errorMessage(error));
      }
      options.onChange();
      return true;
    },
  };
}

/** As often as a usual inference server may fail before it is left alone. */
const tries = 3;

/** A part that nothing judged, because the server was slow once, says nothing about the model. */
async function judgedBySomething(judge: GoldenJudge, part: GoldenPart): Promise<Judgement> {
  for (let left = tries; ; left -= 1) {
    const judgement = await judge(part);
    const { decision } = judgement;
    if (left === 1 || decision.kind !== 'abstain' || decision.code !== 'infer.safe-state') return judgement;
  }
}

function compare(part: GoldenPart, { decision }: Judgement): GoldenResult {
  const expected = [part.expected, ...part.labels].join(' ');
  if (decision.kind === 'abstain') return { name: part.name, expected, got: `abstain ${decision.code}`, ok: false };
  const found = decision.kind === 'reject' ? [...new Set(decision.defects.map(({ label }) => label))] : [];
  const ok = decision.kind === part.expected && part.labels.every((label) => found.includes(label));
  return { name: part.name, expected, got: [decision.kind, ...found].join(' '), ok };
}

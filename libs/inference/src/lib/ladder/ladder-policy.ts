import { z } from 'zod';

/** When the ladder moves. Down is quick, up is slow, and no move follows another within `settleMs`. */
export const ladderPolicySchema = z.strictObject({
  budgetMs: z.number().positive().meta({ description: 'What a result may take: frame age, or run time with queue.' }),
  window: z.int().min(1).max(1000).default(40).meta({
    description: 'The last results that count for going down; far fewer than a p99 needs, so that it is quick.',
  }),
  lateDown: z.int().min(1).max(1000).default(8).meta({ description: 'Late results in the window that lead down.' }),
  errorsDown: z.int().min(1).max(1000).default(3).meta({ description: 'Failed runs in the window that lead down.' }),
  settleMs: z
    .number()
    .positive()
    .default(500)
    .meta({ description: 'After a move, results are not judged for this long: they belong to the rung before.' }),
  holdUpMs: z
    .number()
    .positive()
    .default(30_000)
    .meta({ description: 'Results must be good for this long before a move up.' }),
  maxHoldUpMs: z
    .number()
    .positive()
    .default(1_800_000)
    .meta({ description: 'The hold doubles up to this when a rung could not be kept after a move up.' }),
  upMargin: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.7)
    .meta({ description: 'Good means: the rung above would stay below this share of the budget.' }),
  resultsUp: z.int().min(1).max(100_000).default(50).meta({ description: 'Fewest good results for a move up.' }),
});

export type LadderPolicy = z.infer<typeof ladderPolicySchema>;
export type LadderPolicyInput = z.input<typeof ladderPolicySchema>;

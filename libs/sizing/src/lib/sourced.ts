import { z } from 'zod';

/** A number that somebody stands for: where it is from and of which day. A cost without a day is refused. */
export const sourcedSchema = z
  .strictObject({
    value: z.number().nonnegative(),
    low: z.number().nonnegative().optional(),
    high: z.number().nonnegative().optional(),
    /** illustrative: made up to show the plan; the report says so wherever it counts. */
    kind: z.enum(['quotation', 'list price', 'measured', 'published', 'estimate', 'illustrative']),
    source: z.string().min(3, 'say where the number is from'),
    date: z.iso.date('give the day of the source as YYYY-MM-DD'),
  })
  .refine(({ value, low = value, high = value }) => low <= value && value <= high, {
    path: ['low'],
    message: 'low, value and high must be in this order',
  })
  .readonly();
export type Sourced = z.infer<typeof sourcedSchema>;

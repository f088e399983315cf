import { z } from 'zod';

export const toleranceSchema = z.strictObject({
  absolute: z.number().nonnegative().meta({ description: 'Allowed difference in the unit of the tensor.' }),
  relative: z
    .number()
    .nonnegative()
    .meta({ description: 'Allowed difference as a share of the expected magnitude, added to absolute.' }),
  outlierShare: z.number().min(0).max(0.1).meta({
    description:
      'Share of the values that may lie outside, because integer kernels round differently on other processors.',
  }),
});

/** How far one output of two paths may be apart, over all golden vectors. */
export const agreementToleranceSchema = toleranceSchema.extend({
  mean: z.number().nonnegative().meta({ description: 'Largest mean difference, in the unit of the tensor.' }),
});
export type AgreementTolerance = z.infer<typeof agreementToleranceSchema>;

/** One output of one pair of paths, measured by the packer over all golden vectors. */
export const agreementSchema = z.strictObject({
  reference: z.string().min(1).meta({ description: 'Path that is taken as right, for example pytorch.' }),
  path: z.string().min(1).meta({ description: 'Path that was compared with it, for example "station int8-640".' }),
  output: z.string().min(1).meta({ description: 'Output tensor.' }),
  values: z.int().positive().meta({ description: 'Values compared.' }),
  largest: z.number().nonnegative().meta({ description: 'Largest difference, in the unit of the tensor.' }),
  mean: z.number().nonnegative().meta({ description: 'Mean difference, in the unit of the tensor.' }),
  outliers: z.int().nonnegative().meta({ description: 'Values outside of absolute + relative tolerance.' }),
  tolerance: agreementToleranceSchema.meta({ description: 'What was allowed.' }),
});
export type AgreementEntry = z.infer<typeof agreementSchema>;

/** Whether the figures of an entry lie within its own tolerance. */
export function withinTolerance({ values, mean, outliers, tolerance }: AgreementEntry): boolean {
  return mean <= tolerance.mean && outliers <= tolerance.outlierShare * values;
}

import { z } from 'zod';

const finite = z.number();

/** Rows that a model made of pictures, and their mean in the space of random features. See `freezeEmbeddingReference`. */
export const embeddingReferenceSchema = z
  .strictObject({
    format: z.literal('edge-embedding-reference/1'),
    dims: z.int().min(1).max(4096),
    /** Rows that were seen. */
    n: z.int().min(2),
    /** Standard deviation of the Gaussian kernel, in the unit of the embedding. */
    bandwidth: finite.positive(),
    /** Random directions; each makes a cosine and a sine. */
    directions: z.int().min(1).max(1024),
    /** Of the directions: the same on every machine. */
    seed: z.int().nonnegative(),
    /** Of the random features, 2 x directions of them. */
    mean: z.array(finite.min(-1).max(1)).min(2).max(2048),
    /** Traces of their covariance, of its square and of its cube: what calibrates the test. */
    trace: finite.positive(),
    traceOfSquare: finite.positive(),
    /** Without it the tail is taken from the other two, and small p-values come out too small: tenfold at 1e-5. */
    traceOfCube: finite.positive().optional(),
  })
  .superRefine((reference, context) => {
    if (reference.mean.length !== 2 * reference.directions)
      context.addIssue({
        code: 'custom',
        path: ['mean'],
        message: `${reference.directions} directions need ${2 * reference.directions} means.`,
        input: reference,
      });
  });

export type EmbeddingReference = Readonly<z.infer<typeof embeddingReferenceSchema>>;

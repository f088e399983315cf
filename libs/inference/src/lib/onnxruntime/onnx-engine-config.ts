import { z } from 'zod';

export const onnxEngineConfigSchema = z.strictObject({
  providers: z.array(z.string().min(1)).min(1).default(['cpu']).meta({
    description: 'Execution providers in order of preference, by the names of onnxruntime: cpu, cuda, coreml.',
  }),
  fallback: z.enum(['refuse', 'visible']).default('refuse').meta({
    description:
      'What happens when the first provider does not load: refuse to start, or take the next one and say so in every result.',
  }),
  threads: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .meta({ description: 'Threads of one run; auto measures the machine at warm-up and remembers the outcome.' }),
  spinning: z.boolean().default(false).meta({
    description: 'With a fixed number of threads: let them wait busily inside a run. Auto decides by itself.',
  }),
  tuneBudgetMs: z
    .int()
    .min(50)
    .max(2000)
    .default(1500)
    .meta({ description: 'Time that the thread measurement may take at the first warm-up on a machine.' }),
  waiting: z
    .int()
    .min(0)
    .max(64)
    .default(1)
    .meta({ description: 'Calls that may wait behind the running one; more are refused as overloaded.' }),
  restart: z
    .strictObject({
      attempts: z
        .int()
        .min(0)
        .max(100)
        .default(5)
        .meta({ description: 'Restarts in a row before the engine gives up.' }),
      firstDelayMs: z.int().min(0).max(60_000).default(100).meta({ description: 'Delay before the first restart.' }),
      maxDelayMs: z.int().min(0).max(600_000).default(5_000).meta({ description: 'The delay doubles up to this.' }),
    })
    .prefault({})
    .meta({ description: 'How a worker that died is started again.' }),
});

export type OnnxEngineConfig = z.infer<typeof onnxEngineConfigSchema>;
/** As written in a file: everything may be left out. */
export type OnnxEngineConfigInput = z.input<typeof onnxEngineConfigSchema>;

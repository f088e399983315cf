import { z } from 'zod';

/**
 * The JSON parts of the Open Inference Protocol (KServe V2) with its binary tensor extension. Unknown fields are ignored,
 * because servers and clients of other makers add their own.
 */
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const shape = z
  .array(
    z
      .int()
      .min(0)
      .max(2 ** 31),
  )
  .max(8);

const tensorSchema = z.object({
  name: z.string().min(1).max(256),
  datatype: z.string().max(16),
  shape,
  parameters: parameters.optional(),
  data: z.array(z.unknown()).optional(),
});
export type TensorMessage = z.infer<typeof tensorSchema>;

export const inferRequestSchema = z.object({
  id: z.string().max(256).optional(),
  parameters: parameters.optional(),
  inputs: z.array(tensorSchema).min(1).max(64),
  outputs: z
    .array(z.object({ name: z.string().min(1).max(256), parameters: parameters.optional() }))
    .max(64)
    .optional(),
});
export type InferRequestMessage = z.infer<typeof inferRequestSchema>;

export const inferResponseSchema = z.object({
  model_name: z.string(),
  model_version: z.string().optional(),
  id: z.string().optional(),
  parameters: parameters.optional(),
  outputs: z.array(tensorSchema).max(64),
});
export type InferResponseMessage = z.infer<typeof inferResponseSchema>;

export const serverMetadataSchema = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

const tensorMetadataSchema = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int().min(-1)) });

export const modelMetadataSchema = z.object({
  name: z.string(),
  versions: z.array(z.string()).optional(),
  platform: z.string(),
  inputs: z.array(tensorMetadataSchema),
  outputs: z.array(tensorMetadataSchema),
  parameters: parameters.optional(),
});
export type ModelMetadataMessage = z.infer<typeof modelMetadataSchema>;

export const errorSchema = z.object({ error: z.string() });

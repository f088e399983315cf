import { z } from 'zod';

/** How long a station waits for its fog node, and when it stops asking. */
export const fallbackPolicySchema = z.strictObject({
  whenLost: z.enum(['local', 'safe-state']).default('local').meta({
    description:
      'local: a model on this machine judges while the remote engine is gone. safe-state: nothing does; parts are rejected and the station is not ready.',
  }),
  remoteShare: z.number().gt(0).lt(1).default(0.5).meta({
    description: 'Share of the time to the deadline that the remote engine gets; the rest is for the local one.',
  }),
  remoteTimeoutMs: z
    .int()
    .min(1)
    .max(60_000)
    .default(100)
    .meta({ description: 'Longest wait for the remote engine, with or without a deadline.' }),
  failureThreshold: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .meta({ description: 'Failures in a row after which only the local engine is asked.' }),
  firstProbeMs: z
    .int()
    .min(1)
    .max(600_000)
    .default(1000)
    .meta({ description: 'Wait before the remote engine is probed again; doubles each time.' }),
  maxProbeMs: z.int().min(1).max(3_600_000).default(30_000).meta({ description: 'Longest wait between probes.' }),
  probeTimeoutMs: z.int().min(1).max(60_000).default(2000).meta({ description: 'Limit of one probe.' }),
});
export type FallbackPolicyInput = z.input<typeof fallbackPolicySchema>;

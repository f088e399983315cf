import { z } from 'zod';

export const fleetOptionsSchema = z.strictObject({
  url: z.string(),
  devices: z.coerce.number().int().min(1).max(20_000).default(5),
  sites: z.coerce.number().int().min(1).max(99).default(3),
  rate: z.coerce.number().min(0).max(1e6).default(5),
  metricsSeconds: z.coerce.number().min(0).max(86_400).default(15),
  driftSeconds: z.coerce.number().min(0).max(86_400).default(60),
  connectRate: z.coerce.number().min(0.1).max(100_000).default(200),
  tls: z.string().min(1).optional(),
  outboxBytes: z.coerce.number().int().min(1_000_000).default(20_000_000),
  reconnectMaxMs: z.coerce.number().int().min(1_000).max(600_000).default(60_000),
  seed: z.coerce.number().int().default(7),
  reportMs: z.coerce.number().int().min(100).default(2_000),
});
export type FleetOptions = z.infer<typeof fleetOptionsSchema>;

export const fleetCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('storm'), limitMs: z.int().min(1_000).max(3_600_000).default(300_000) }),
  z.strictObject({ command: z.literal('rate'), eventsPerSecond: z.number().min(0).max(1e6) }),
  z.strictObject({ command: z.literal('report') }),
]);
export type FleetCommand = z.infer<typeof fleetCommandSchema>;

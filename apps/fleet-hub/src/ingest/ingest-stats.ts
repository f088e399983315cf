import { z } from 'zod';

/** What an ingest worker has done since its start. */
export const ingestStatsSchema = z.object({
  /** Events that were committed for the first time. */
  events: z.number(),
  duplicates: z.number(),
  /** Events that were set aside, by code. */
  quarantined: z.record(z.string(), z.number()),
  /** Payloads that were no batch, by code. */
  batchesRefused: z.record(z.string(), z.number()),
  commits: z.number(),
  acksSent: z.number(),
  /** Acknowledgements that could not be sent; the device asks again. */
  acksFailed: z.number(),
  /** Messages of revoked devices, which were neither read nor acknowledged. */
  revokedIgnored: z.number(),
  /** Messages on topics that are not the fleet's, and unreadable statuses. */
  messagesIgnored: z.number(),
  lateDeaths: z.number(),
  /** Metric series that had no room. */
  seriesRefused: z.number(),
  storeRetries: z.number(),
  queuedMessages: z.number(),
  queuedBytes: z.number(),
  /** Messages that had to wait at the broker because the queue was full. */
  heldBack: z.number(),
  eventsPerSecond: z.number(),
  broker: z.string(),
});
export type IngestStats = Readonly<z.infer<typeof ingestStatsSchema>>;

/** Mean over about ten seconds: old values fade. */
export function createRate(nowMs: () => number, spanMs = 10_000) {
  let weight = 0;
  let atMs = nowMs();
  const fade = (): void => {
    const now = nowMs();
    weight *= Math.exp(-(now - atMs) / spanMs);
    atMs = now;
  };
  return {
    add(n: number): void {
      fade();
      weight += n;
    },
    perSecond(): number {
      fade();
      return weight / (spanMs / 1000);
    },
  };
}

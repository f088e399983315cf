import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IngestCounter } from './ingest/ingest.js';
import type { StationsStatus } from './station/stations.js';

/** What the gateway knows of its own work since it started. */
export interface GatewayFigures {
  readonly stations: StationsStatus;
  readonly ingest: Readonly<Record<IngestCounter | 'unwritten', number>>;
  /** Since the last time it was asked. */
  readonly longestStallMs: number;
  /** With what is no longer needed and was not yet collected; its lowest values tell what is kept. */
  readonly heapBytes: number;
}

/** Longest time that the event loop was away, ms; asking begins anew. */
export function watchStalls(): { longestMs(): number; close(): void } {
  const everyMs = 10;
  const delay = monitorEventLoopDelay({ resolution: everyMs });
  delay.enable();
  return {
    longestMs() {
      // The timer's own period is part of what is measured.
      const longest = Math.max(0, delay.max / 1e6 - everyMs);
      delay.reset();
      return Math.round(longest);
    },
    close: () => void delay.disable(),
  };
}

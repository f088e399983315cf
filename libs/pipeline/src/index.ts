export { startWorker } from './lib/start-worker.js';
export { createMailbox } from './lib/mailbox.js';
export type { Mailbox } from './lib/mailbox.js';
export { createBoundedQueue } from './lib/bounded-queue.js';
export type { BoundedQueue } from './lib/bounded-queue.js';
export { createLatencyHistogram, samplesForQuantile } from './lib/latency-histogram.js';
export type { LatencyHistogram, LatencySnapshot } from './lib/latency-histogram.js';
export { wilsonInterval } from './lib/wilson-interval.js';
export type { Share } from './lib/wilson-interval.js';
export { closeInReverse } from './lib/close-in-reverse.js';
export {
  createExponentialHistogram,
  downscaleExponential,
  emptyExponential,
  exponentialAbove,
  exponentialBuckets,
  exponentialCount,
  exponentialQuantile,
  exponentialSnapshot,
  mergeExponential,
} from './lib/exponential-histogram.js';
export type { ExponentialRecorder, ExponentialSnapshot } from './lib/exponential-histogram.js';
export { createLineOutput } from './lib/line-output.js';
export type { LineOutput } from './lib/line-output.js';
export { readVersion } from './lib/read-version.js';
export { stopRequested } from './lib/stop-requested.js';

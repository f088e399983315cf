export { integratedAutocorrelationTime } from './lib/autocorrelation/integrated-autocorrelation-time.js';
export type { AutocorrelationTime } from './lib/autocorrelation/integrated-autocorrelation-time.js';
export { thin, thinningStride } from './lib/autocorrelation/thinning.js';
export { movingBlockBootstrap } from './lib/autocorrelation/block-bootstrap.js';
export type { BlockBootstrapOptions, BootstrapNull } from './lib/autocorrelation/block-bootstrap.js';
export { adwinDefaults, createAdwin } from './lib/sequential/adwin.js';
export type { Adwin, AdwinOptions } from './lib/sequential/adwin.js';
export { createCusum } from './lib/sequential/cusum.js';
export type { CusumOptions } from './lib/sequential/cusum.js';
export { createPageHinkley } from './lib/sequential/page-hinkley.js';
export type { PageHinkleyOptions } from './lib/sequential/page-hinkley.js';
export type { SequentialDetector } from './lib/sequential/sequential-detector.js';
export {
  adwinDelta,
  cusumRunLength,
  cusumThreshold,
  hoursPerMonth,
  pageHinkleyThreshold,
  samplesBetweenFalseAlarms,
  siegmundRunLength,
} from './lib/sequential/run-length.js';

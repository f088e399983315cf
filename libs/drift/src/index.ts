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
export { driftReferenceLimits, driftReferenceSchema } from '@edge-blueprints/contracts';
export type { DriftReference } from '@edge-blueprints/contracts';
export { freezeReference, sortedQuantile } from './lib/accumulators/freeze-reference.js';
export type { FreezeOptions } from './lib/accumulators/freeze-reference.js';
export type { Binning, Histogram, Samples } from './lib/accumulators/histogram.js';
export { createMoments } from './lib/accumulators/moments.js';
export type { Moments, MomentsSnapshot } from './lib/accumulators/moments.js';
export { createQuantileHistogram } from './lib/accumulators/quantile-histogram.js';
export { createReservoir } from './lib/accumulators/reservoir.js';
export type { Reservoir, ReservoirSnapshot } from './lib/accumulators/reservoir.js';
export { createSlidingHistogram } from './lib/accumulators/sliding-histogram.js';
export type { SlidingHistogram } from './lib/accumulators/sliding-histogram.js';
export { createUniformHistogram } from './lib/accumulators/uniform-histogram.js';
export type { UniformHistogramOptions } from './lib/accumulators/uniform-histogram.js';
export { histogramDistances } from './lib/distance/histogram-distances.js';
export type { HistogramDistances } from './lib/distance/histogram-distances.js';
export { populationStability, psiOfProportions, psiThreshold } from './lib/distance/population-stability.js';
export type { PsiResult } from './lib/distance/population-stability.js';
export type { Counts } from './lib/distance/proportions.js';
export { normalisedWasserstein, transportDistances } from './lib/distance/wasserstein.js';
export type { SortedSides, TransportDistances } from './lib/distance/wasserstein.js';
export { betaCdf, betaQuantile } from './lib/distributions/beta.js';
export { chiSquareCdf, chiSquareTail, chiSquareThreshold } from './lib/distributions/chi-square.js';
export { incompleteGamma, logGamma } from './lib/distributions/gamma.js';
export {
  kolmogorovLimitTail,
  kolmogorovLimitThreshold,
  kolmogorovTail,
  kolmogorovThreshold,
} from './lib/distributions/kolmogorov.js';
export { normalCdf, normalQuantile, normalTail } from './lib/distributions/normal.js';
export { chiSquareContingency, chiSquareFit } from './lib/tests/chi-square.js';
export type { ChiSquareResult } from './lib/tests/chi-square.js';
export { histogramKs } from './lib/tests/histogram-ks.js';
export type { HistogramKs } from './lib/tests/histogram-ks.js';
export { kolmogorovSmirnov, ksStatistic } from './lib/tests/kolmogorov-smirnov.js';
export type { KsMethod, KsOptions, KsResult } from './lib/tests/kolmogorov-smirnov.js';
export { sortSamples } from './lib/tests/sorted-samples.js';
export { createLabelSampler } from './lib/sampling/label-sampler.js';
export type { LabelDraw, LabelItem, LabelSampler, LabelSamplerOptions } from './lib/sampling/label-sampler.js';
export { estimateAccuracy } from './lib/sampling/label-accuracy.js';
export type { LabelAccuracy, LabelledPart, ShareEstimate } from './lib/sampling/label-accuracy.js';
export { estimateAccuracyWithoutLabels } from './lib/accuracy/confidence-based.js';
export type { AccuracyWithoutLabels, ScoredVerdict } from './lib/accuracy/confidence-based.js';
export { calibrationFigures } from './lib/accuracy/calibration-error.js';
export type { CalibrationFigures, ScoredTruth } from './lib/accuracy/calibration-error.js';
export { applyTemperature, fitTemperature } from './lib/accuracy/temperature.js';
export { applyIsotonic, fitIsotonic } from './lib/accuracy/isotonic.js';
export type { IsotonicCalibration } from './lib/accuracy/isotonic.js';
export { embeddingReferenceSchema } from '@edge-blueprints/contracts';
export type { EmbeddingReference } from '@edge-blueprints/contracts';
export { adjustPValues } from './lib/corrections/multiple-testing.js';
export type { Correction } from './lib/corrections/multiple-testing.js';
export type { Embeddings } from './lib/distance/embeddings.js';
export { linearTimeMmd, medianBandwidth, mmdSquared, mmdTest } from './lib/distance/maximum-mean-discrepancy.js';
export type { MmdSquared } from './lib/distance/maximum-mean-discrepancy.js';
export { createFeatureSums, featureMmd, freezeEmbeddingReference } from './lib/distance/random-features.js';
export type { FeatureMmd, FeatureSums } from './lib/distance/random-features.js';
export { andersonDarling } from './lib/tests/anderson-darling.js';
export { cramerVonMises } from './lib/tests/cramer-von-mises.js';
export type { CvmResult } from './lib/tests/cramer-von-mises.js';
export { permutationTail } from './lib/tests/permutation.js';
export { createDriftMonitor, minimumEffects } from './lib/monitors/drift-monitor.js';
export type { DriftMonitor, DriftMonitorOptions, ObservedPart } from './lib/monitors/drift-monitor.js';
export { createFeatureMonitor, testWindow } from './lib/monitors/feature-monitor.js';
export type { FeatureMonitor, FeatureMonitorOptions, WindowTest } from './lib/monitors/feature-monitor.js';
export { createCategoryMonitor } from './lib/monitors/category-monitor.js';
export type { CategoryMonitor, CategoryMonitorOptions } from './lib/monitors/category-monitor.js';
export { createEmbeddingMonitor } from './lib/monitors/embedding-monitor.js';
export type { EmbeddingMonitor, EmbeddingMonitorOptions } from './lib/monitors/embedding-monitor.js';
export { createCalibrationMonitor } from './lib/monitors/calibration-monitor.js';
export type { CalibrationMonitorOptions, CalibrationResult } from './lib/monitors/calibration-monitor.js';
export type { WindowMonitor, WindowMonitorOptions, WindowResult } from './lib/monitors/window-monitor.js';
export { prepareReference } from './lib/monitors/prepared-reference.js';
export type { PreparedReference } from './lib/monitors/prepared-reference.js';
export { categoryTest } from './lib/monitors/category-test.js';
export type { CategoryTestResult } from './lib/monitors/category-test.js';
export { tiedKolmogorovSmirnov } from './lib/monitors/tied-kolmogorov-smirnov.js';
export type { TiedKsResult } from './lib/monitors/tied-kolmogorov-smirnov.js';
export { windowAlpha } from './lib/monitors/window-alpha.js';
export { changePoint } from './lib/monitors/change-point.js';
export { createErrorCusum } from './lib/sequential/error-cusum.js';
export type { ErrorCusumOptions } from './lib/sequential/error-cusum.js';
export { errorCusumSteps, errorRunLength } from './lib/sequential/error-run-length.js';
export type { ErrorCusumSteps } from './lib/sequential/error-run-length.js';

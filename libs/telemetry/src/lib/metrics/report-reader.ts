import { AggregationTemporality, AggregationType, InstrumentType, MetricReader } from '@opentelemetry/sdk-metrics';

/** At most this many attribute sets a metric; the SDK folds further ones into an overflow series. */
const seriesPerMetric = 60;
/** Buckets of an exponential histogram: 160 give a relative error below 5 % over six decades. */
const bucketsPerHistogram = 160;

/** Collects on demand: increments, and histograms that merge. */
export function createReportReader(): MetricReader {
  return new ReportReader({
    aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    aggregationSelector: (type) =>
      type === InstrumentType.HISTOGRAM
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: bucketsPerHistogram, recordMinMax: true } }
        : { type: AggregationType.DEFAULT },
    cardinalitySelector: () => seriesPerMetric,
  });
}

class ReportReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {
    // Nothing is held.
  }

  protected override async onForceFlush(): Promise<void> {
    // Nothing is held.
  }
}

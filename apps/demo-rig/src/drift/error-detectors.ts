import {
  adwinDefaults,
  adwinDelta,
  createAdwin,
  createErrorCusum,
  createPageHinkley,
  errorCusumSteps,
  type SequentialDetector,
} from '@edge-blueprints/drift';

/** Watches the errors of a classifier and says when they have become more. */
export interface ErrorDetector {
  readonly name: string;
  update(isError: 0 | 1): boolean;
  reset(): void;
}

/** Rows after a start: the classifier learns in the first, the error rate is estimated in the rest. */
const warmUp = { learning: 500, estimating: 1000 } as const;
/** Rise of the error rate that is to be found quickest. */
const riseSought = 0.05;
/** A classifier that errs this often cannot get much worse. */
const mostErrors = 0.9;

/** ADWIN needs no error rate; only a cut after which the mean is higher counts. */
function adwin(runSamples: number): ErrorDetector {
  const detector = createAdwin({ delta: adwinDelta(runSamples, adwinDefaults.clock) });
  return {
    name: 'ADWIN',
    update(isError) {
      const before = detector.mean;
      return detector.update(isError) && detector.mean > before;
    },
    reset: () => detector.reset(),
  };
}

/** Estimates the error rate after a start, then watches with a detector made for it. */
function afterWarmUp(name: string, create: (rate: number) => SequentialDetector): ErrorDetector {
  let rows = 0;
  let errors = 0;
  let detector: SequentialDetector | undefined;
  return {
    name,
    update(isError) {
      rows += 1;
      if (detector !== undefined) return detector.update(isError);
      if (rows > warmUp.learning) errors += isError;
      if (rows === warmUp.learning + warmUp.estimating) {
        // Laplace's rule: no error at all is not a rate of 0.
        const rate = (errors + 1) / (warmUp.estimating + 2);
        detector = create(Math.min(mostErrors, rate));
      }
      return false;
    },
    reset() {
      rows = 0;
      errors = 0;
      detector = undefined;
    },
  };
}

/** @param runSamples rows between false alarms that each is set to */
export function errorDetectors(runSamples: number): readonly ErrorDetector[] {
  return [
    adwin(runSamples),
    afterWarmUp('Page-Hinkley', (rate) => createErrorPageHinkley(rate, riseSought, runSamples)),
    afterWarmUp('CUSUM', (rate) => createErrorCusum({ rate, rise: riseSought, samplesBetweenFalseAlarms: runSamples })),
  ];
}

/** Page-Hinkley with the reference value and the limit of the CUSUM for the same promise; its mean is its own. */
export function createErrorPageHinkley(rate: number, rise: number, runSamples: number): SequentialDetector {
  const { up, down, limit } = errorCusumSteps(rate, rise, runSamples);
  const error = up + down;
  return createPageHinkley({
    tolerance: Math.max(0, down / error - rate),
    threshold: limit / error,
    minimumSamples: 30,
    forgetting: 1,
    direction: 'up',
  });
}

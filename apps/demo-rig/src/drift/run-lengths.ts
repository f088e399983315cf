import { createRandom, type Random } from '@edge-blueprints/contracts';
import {
  adwinDefaults,
  adwinDelta,
  createAdwin,
  createCusum,
  createErrorCusum,
  createPageHinkley,
  cusumThreshold,
  pageHinkleyThreshold,
  type SequentialDetector,
} from '@edge-blueprints/drift';
import { createErrorPageHinkley } from './error-detectors.js';

/** Samples from one false alarm to the next, promised and found. */
export interface RunFigures {
  readonly detector: string;
  readonly stream: string;
  readonly promised: number;
  readonly samples: number;
  readonly alarms: number;
}

interface RunCase {
  readonly stream: string;
  readonly draw: (random: Random) => number;
  readonly detectors: readonly (readonly [string, SequentialDetector])[];
}

function cases(run: number): readonly RunCase[] {
  const adwin = (): readonly [string, SequentialDetector] => [
    'ADWIN',
    createAdwin({ delta: adwinDelta(run, adwinDefaults.clock) }),
  ];
  const normal = [0.25, 0.5].flatMap((allowance): (readonly [string, SequentialDetector])[] => [
    [
      `CUSUM, k ${allowance}, both sides`,
      createCusum({ mean: 0, std: 1, allowance, threshold: cusumThreshold(allowance, run, 'both'), direction: 'both' }),
    ],
    [
      `Page-Hinkley, tolerance ${allowance} std, up`,
      createPageHinkley({
        tolerance: allowance,
        threshold: pageHinkleyThreshold(allowance, 1, run, 'up'),
        minimumSamples: 30,
        forgetting: 1,
        direction: 'up',
      }),
    ],
  ]);
  const errors = (rate: number): RunCase => ({
    stream: `errors, ${rate * 100} %`,
    draw: (random) => (random.next() < rate ? 1 : 0),
    detectors: [
      ['CUSUM of errors, rise 0.05', createErrorCusum({ rate, rise: 0.05, samplesBetweenFalseAlarms: run })],
      ['Page-Hinkley, same limit', createErrorPageHinkley(rate, 0.05, run)],
      adwin(),
    ],
  });
  return [
    { stream: 'normal', draw: (random) => random.normal(), detectors: [...normal, adwin()] },
    { stream: 'exponential', draw: (random) => -Math.log(1 - random.next()), detectors: [adwin()] },
    errors(0.2),
    errors(0.03),
  ];
}

/** All detectors set to one false alarm in `run` samples, on streams without a change. CUSUM knows the mean, the others do not. */
export function* measureRuns(samples: number, run: number, seed: number): Generator<RunFigures> {
  for (const { stream, draw, detectors } of cases(run))
    for (const [detector, watch] of detectors) {
      const random = createRandom(seed).fork(`${detector} ${stream}`);
      let alarms = 0;
      for (let i = 0; i < samples; i++) {
        if (!watch.update(draw(random))) continue;
        alarms += 1;
        watch.reset();
      }
      yield { detector, stream, promised: run, samples, alarms };
    }
}

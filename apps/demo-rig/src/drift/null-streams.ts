import { createRandom, type Random } from '@edge-blueprints/contracts';
import {
  categoryTest,
  createFeatureMonitor,
  createFeatureSums,
  featureMmd,
  freezeEmbeddingReference,
  freezeReference,
  testWindow,
} from '@edge-blueprints/drift';
import { wilsonInterval } from '@edge-blueprints/pipeline';

/** How often a test fired where nothing had changed, over how often it may. */
export interface NullRate {
  readonly stream: string;
  readonly test: string;
  readonly reference: number;
  readonly window: number;
  readonly alpha: number;
  readonly windows: number;
  readonly fired: number;
  readonly ratio: number;
  /** 95 % interval of the ratio (Wilson). */
  readonly low: number;
  readonly high: number;
}

interface NullTest {
  readonly stream: string;
  readonly test: string;
  readonly reference: number;
  readonly window: number;
  /** Part of the asked windows that is run: slow tests get fewer. */
  readonly share: number;
  /** p-values of windows without a change. */
  readonly pValues: (random: Random, windows: number) => Iterable<number>;
}

const alphas = [0.05, 0.01, 0.001] as const;

/** Each window has its own reference, because the level is a promise over references as well as over windows. */
function scalar(stream: string, draw: (random: Random) => number, reference: number, window: number): NullTest {
  return {
    stream,
    test: 'feature monitor',
    reference,
    window,
    share: 1,
    *pValues(random, windows) {
      const sorted = new Float64Array(reference);
      const current = new Float64Array(window);
      for (let i = 0; i < windows; i++) {
        for (let j = 0; j < reference; j++) sorted[j] = draw(random);
        sorted.sort();
        for (let j = 0; j < window; j++) current[j] = draw(random);
        yield testWindow({ sorted, mean: 0, scale: 1, stride: 1 }, current, random.next()).pValue;
      }
    },
  };
}

const verdicts: NullTest = {
  stream: 'verdicts, 3 % rejects',
  test: 'category monitor',
  reference: 200,
  window: 50,
  share: 1,
  *pValues(random, windows) {
    const counts = (n: number): number[] => {
      let rejects = 0;
      for (let i = 0; i < n; i++) if (random.next() < 0.03) rejects += 1;
      return [n - rejects, rejects];
    };
    for (let i = 0; i < windows; i++) yield categoryTest(counts(200), counts(50), random.next()).pValue;
  },
};

/** The whole way: correlation found in the reference, stream and reference thinned by it. */
const correlated: NullTest = {
  stream: 'AR(1), rho 0.9',
  test: 'feature monitor',
  reference: 30_000,
  window: 20,
  share: 0.1,
  *pValues(random, windows) {
    let x = random.normal();
    const next = (): number => (x = 0.9 * x + Math.sqrt(0.19) * random.normal());
    const each = 40;
    for (let done = 0; done < windows; done += each) {
      const reference = freezeReference(Float64Array.from({ length: 30_000 }, next), { sampleSize: 1000 });
      const options = { feature: 'x', unit: '', windowSamples: 20, alpha: 0.5, minimumEffect: 0, random };
      const monitor = createFeatureMonitor(reference, options);
      for (let i = 0; i < each;) {
        monitor.record(next(), 0, '');
        if (!monitor.due) continue;
        i += 1;
        yield monitor.evaluate()?.feature.pValue ?? 1;
      }
    }
  },
};

/** The same stream without regard to its correlation, for comparison. */
const naive: NullTest = {
  ...correlated,
  stream: 'AR(1), rho 0.9, NOT thinned',
  share: 0.05,
  window: 100,
  *pValues(random, windows) {
    let x = random.normal();
    const next = (): number => (x = 0.9 * x + Math.sqrt(0.19) * random.normal());
    const sorted = Float64Array.from({ length: 30_000 }, next)
      .sort()
      .filter((_, i) => i % 30 === 0);
    for (let i = 0; i < windows; i++) {
      const current = Float64Array.from({ length: 100 }, next);
      yield testWindow({ sorted, mean: 0, scale: 1, stride: 1 }, current, random.next()).pValue;
    }
  },
};

const embeddings: NullTest = {
  stream: 'embeddings, 16 correlated numbers',
  test: 'embedding monitor',
  reference: 500,
  window: 100,
  share: 0.05,
  *pValues(random, windows) {
    const dims = 16;
    const fill = (into: Float64Array): void => {
      const common = random.normal();
      for (let d = 0; d < dims; d++) into[d] = common + random.normal();
    };
    const row = new Float64Array(dims);
    const each = 20;
    for (let done = 0; done < windows; done += each) {
      const rows = new Float64Array(500 * dims);
      for (let i = 0; i < 500; i++) {
        fill(row);
        rows.set(row, i * dims);
      }
      const reference = freezeEmbeddingReference({ data: rows, dims }, { directions: 32 });
      const sums = createFeatureSums(reference);
      for (let i = 0; i < each; i++) {
        sums.reset();
        for (let j = 0; j < 100; j++) {
          fill(row);
          sums.add(row);
        }
        yield featureMmd(reference, sums).pValue;
      }
    }
  },
};

export const nullTests: readonly NullTest[] = [
  scalar('normal', (random) => random.normal(), 200, 50),
  scalar('skewed, log-normal', (random) => Math.exp(random.normal()), 200, 50),
  scalar('heavy tails, Cauchy', (random) => random.normal() / random.normal(), 200, 50),
  scalar('discrete, five values', (random) => Math.floor(random.next() * 5), 200, 50),
  scalar('normal, small reference', (random) => random.normal(), 60, 25),
  scalar('discrete, small reference', (random) => Math.floor(random.next() * 3), 60, 25),
  verdicts,
  correlated,
  naive,
  embeddings,
];

export function measureNull(test: NullTest, asked: number, seed: number): readonly NullRate[] {
  const windows = Math.ceil(asked * test.share);
  const fired = alphas.map(() => 0);
  let seen = 0;
  for (const pValue of test.pValues(createRandom(seed).fork(test.stream), windows)) {
    seen += 1;
    alphas.forEach((alpha, i) => {
      if (pValue < alpha) fired[i] = (fired[i] ?? 0) + 1;
    });
  }
  return alphas.map((alpha, i) => {
    const { share, low, high } = wilsonInterval(fired[i] ?? 0, seen);
    const { stream, test: name, reference, window } = test;
    const ratios = { ratio: share / alpha, low: low / alpha, high: high / alpha };
    return { stream, test: name, reference, window, alpha, windows: seen, fired: fired[i] ?? 0, ...ratios };
  });
}

import { createRandom, errorMessage, type Random } from '@edge-blueprints/contracts';
import {
  createAdwin,
  createMoments,
  createQuantileHistogram,
  createReservoir,
  createSlidingHistogram,
  createUniformHistogram,
  freezeReference,
  kolmogorovSmirnov,
  populationStability,
  sortSamples,
  transportDistances,
} from '@edge-blueprints/drift';
import { inTurns, quantile, ratioOf, type Ratio } from './compare.js';
import { startDriftRivals, type DriftRivals } from './drift-rivals.js';

const updates = 200_000;
const million = 1_000_000;

/** Drift statistics: nanoseconds and bytes an update, the tests at a million values, and other libraries in turns. */
export async function driftStatistics(rounds: number): Promise<readonly Ratio[]> {
  const random = createRandom(7);
  const own = [...(await updateCosts(random, rounds)), await ksOverSort(random, Math.min(rounds, 15))];
  const rivals = await startDriftRivals();
  if (typeof rivals === 'string') {
    process.stdout.write(`             drift: no comparison with other libraries, ${rivals}\n`);
    return own;
  }
  process.stdout.write(`             drift: ${rivals.found}\n`);
  try {
    return [...own, ...(await againstRivals(rivals, random, Math.min(rounds, 15)))];
  } finally {
    rivals.stop();
  }
}

/** One sample after the other, over writing them into an array. */
async function updateCosts(random: Random, rounds: number): Promise<readonly Ratio[]> {
  const normal = Float64Array.from({ length: updates }, () => random.normal());
  const uniform = Float64Array.from({ length: updates }, () => random.next());
  const reference = freezeReference(normal.subarray(0, 5000), { bins: 10 });
  const fine = freezeReference(normal.subarray(0, 5000), { bins: 100 });
  const scores = { low: 0, high: 1 } as const;
  const cases = [
    { id: 'drift-uniform', what: '64 uniform bins', aimNs: 5, values: uniform, into: createUniformHistogram(scores) },
    {
      id: 'drift-sliding',
      what: '64 uniform bins of the last 1,024',
      aimNs: null,
      values: uniform,
      into: createSlidingHistogram(createUniformHistogram(scores), 1024),
    },
    {
      id: 'drift-deciles',
      what: '10 quantile bins',
      aimNs: 25,
      values: normal,
      into: createQuantileHistogram(reference.edges),
    },
    {
      id: 'drift-centiles',
      what: '100 quantile bins',
      aimNs: null,
      values: normal,
      into: createQuantileHistogram(fine.edges),
    },
    { id: 'drift-moments', what: 'mean and variance', aimNs: null, values: normal, into: createMoments() },
    { id: 'drift-sample', what: 'reservoir of 1,024', aimNs: null, values: normal, into: createReservoir(1024, 1) },
  ];
  const plain = new Float64Array(updates);
  const ratios: Ratio[] = [];
  for (const { id, what, aimNs, values, into } of cases) {
    const run = (): void => into.addAll(values);
    const { a, b } = await inTurns(rounds, run, () => {
      for (let i = 0; i < updates; i++) plain[i] = values[i] ?? 0;
    });
    const ns = (quantile(a, 0.5) * 1e6) / updates;
    const aim = aimNs === null ? '' : ns <= aimNs ? `, aim ${aimNs} ns met` : `, aim ${aimNs} ns MISSED`;
    // The fixed bins carry the aim of the references: at most 4 times a plain write.
    const ratio = ratioOf(id, `update of ${what} over an array write`, a, b, id === 'drift-uniform' ? 4 : null);
    const bytes = bytesPerUpdate(run);
    ratios.push({ ...ratio, detail: `${ns.toFixed(2)} ns and ${bytes.toFixed(2)} bytes an update${aim}` });
  }
  return ratios;
}

/** Growth of the heap over the updates; the greatest of some runs, since a collection in between hides it. */
function bytesPerUpdate(run: () => void): number {
  let most = 0;
  for (let i = 0; i < 9; i++) {
    const before = process.memoryUsage().heapUsed;
    run();
    most = Math.max(most, process.memoryUsage().heapUsed - before);
  }
  return most / updates;
}

/** A million 32-bit values against a sorted reference, over sorting 64-bit ones with the engine and merging. */
async function ksOverSort(random: Random, rounds: number): Promise<Ratio> {
  const { reference, current } = samplesOf(random, million);
  const wide = Float64Array.from(current);
  const { a, b } = await inTurns(
    rounds,
    () => kolmogorovSmirnov(reference, current, { firstSorted: true }),
    () => kolmogorovSmirnov(reference, wide.slice().sort(), { firstSorted: true, secondSorted: true }),
  );
  const ms = quantile(a, 0.5);
  const ratio = ratioOf('drift-ks', 'Kolmogorov-Smirnov of 1e6 over sort() and merge', a, b, 0.35);
  return { ...ratio, detail: `${ratio.detail}, aim 60 ms ${ms <= 60 ? 'met' : 'MISSED'}` };
}

async function againstRivals(rivals: DriftRivals, random: Random, rounds: number): Promise<readonly Ratio[]> {
  const normal = Float64Array.from({ length: updates }, () => random.normal());
  const uniform = Float64Array.from({ length: million }, () => random.next());
  const deciles = freezeReference(normal.subarray(0, 5000), { bins: 10 }).edges;
  const values = samplesOf(random, million);
  const wide = Float64Array.from(values.current);
  const ks = (n: number, method: 'exact' | 'finite-n') => {
    const reference = sortSamples(values.reference.filter((_, i) => i % (million / n) === 0));
    const current = values.current.subarray(0, n);
    const sorted = reference instanceof Float32Array ? reference : Float32Array.from(reference);
    return () => kolmogorovSmirnov(sorted, current, { method, firstSorted: true });
  };
  const cases: readonly { library: string; id: string; n: number; what: string; ours: () => unknown }[] = [
    { library: 'scipy', id: 'ks', n: million, what: 'ks_2samp asymp', ours: ks(million, 'finite-n') },
    { library: 'scipy', id: 'ks', n: 100_000, what: 'ks_2samp asymp', ours: ks(100_000, 'finite-n') },
    { library: 'scipy', id: 'ks', n: 1000, what: 'ks_2samp asymp', ours: ks(1000, 'finite-n') },
    { library: 'scipy', id: 'ks-exact', n: 1000, what: 'ks_2samp exact', ours: ks(1000, 'exact') },
    {
      library: 'scipy',
      id: 'wasserstein',
      n: million,
      what: 'wasserstein_distance',
      ours: () => transportDistances(values.reference, values.current, { firstSorted: true }),
    },
    {
      library: 'numpy',
      id: 'uniform-bins',
      n: million,
      what: 'histogram of 64 uniform bins',
      ours: () => createUniformHistogram({ low: 0, high: 1 }).addAll(uniform),
    },
    {
      library: 'numpy',
      id: 'quantile-bins',
      n: million,
      what: 'searchsorted and bincount, 10 quantile bins',
      ours: () => createQuantileHistogram(deciles).addAll(wide),
    },
    {
      library: 'river',
      id: 'moments',
      n: updates,
      what: 'stats.Var',
      ours: () => createMoments().addAll(normal),
    },
    {
      library: 'river',
      id: 'adwin',
      n: updates,
      what: 'drift.ADWIN',
      ours: () => {
        const adwin = createAdwin();
        for (let i = 0; i < updates; i++) adwin.update(normal[i] ?? 0);
      },
    },
    {
      library: 'evidently',
      id: 'psi',
      n: 100_000,
      what: 'PSI of two raw samples, ours with frozen deciles',
      ours: () => {
        const sides = [normal.subarray(0, 100_000), normal.subarray(100_000)].map((side) => {
          const histogram = createQuantileHistogram(deciles);
          histogram.addAll(side);
          return histogram.counts();
        });
        return populationStability(sides[0] ?? [], sides[1] ?? []);
      },
    },
  ];
  const ratios: Ratio[] = [];
  for (const { library, id, n, what, ours } of cases) {
    if (!rivals.has(library)) continue;
    const [mine, theirs]: [number[], number[]] = [[], []];
    const run = (): number => {
      const start = performance.now();
      ours();
      return performance.now() - start;
    };
    try {
      for (let i = -2; i < rounds; i++) {
        const one = run();
        const other = await rivals.time(id, n);
        if (i < 0) continue; // warm-up
        mine.push(one);
        theirs.push(other);
      }
    } catch (error) {
      process.stdout.write(`             ${library}-${id} left out: ${errorMessage(error)}\n`);
      continue;
    }
    const aim = library === 'scipy' && id === 'ks' && n === million ? 0.2 : null;
    ratios.push(ratioOf(`${library}-${id}`, `over ${library} ${what}, n ${n.toLocaleString('en')}`, mine, theirs, aim));
  }
  return ratios;
}

function samplesOf(random: Random, n: number): { readonly reference: Float32Array; readonly current: Float32Array } {
  const draw = (): Float32Array => Float32Array.from({ length: n }, () => random.normal());
  return { reference: draw().sort(), current: draw() };
}

import { UsageError } from '@edge-blueprints/contracts';
import { mergeCounts, sumOf, type Histogram } from './histogram.js';

/**
 * Bins between frozen edges: bin i holds (edges[i-1], edges[i]], the first is open below, the last above; one more for
 * NaN. A uniform grid over the edges says where to start, so that a value needs one or two comparisons, not log2(bins).
 * @throws UsageError `drift.bins` unless the edges are finite and ascend strictly
 */
export function createQuantileHistogram(frozenEdges: readonly number[] | Float64Array): Histogram {
  const edges = Float64Array.from(frozenEdges);
  const ascending = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || (edges[i - 1] ?? edge) < edge));
  if (edges.length === 0 || !ascending)
    throw new UsageError('drift.bins', 'Edges of a histogram must be finite and ascend strictly; give at least one.');
  const first = edges[0] ?? 0;
  const last = edges[edges.length - 1] ?? 0;
  const open = edges.length;
  const cells = 4 * edges.length;
  const scale = cells / (last - first);
  /** Of a value in (first, last]. Monotone, hence no edge of an earlier cell is above the value. */
  const cellOf = (value: number): number => {
    const x = (value - first) * scale;
    return x < cells ? x | 0 : cells - 1;
  };
  /** Number of edges in the cells before each cell: the least bin of a value there. */
  const startOf = new Uint16Array(cells);
  for (let cell = 0; cell < cells; cell++)
    startOf[cell] = edges.reduce((n, edge) => n + Number(cellOf(edge) < cell), 0);
  const counts = new Float64Array(edges.length + 2);

  const binOf = (value: number): number => {
    if (value <= first) return 0;
    if (value <= last) {
      let bin = startOf[cellOf(value)] ?? 0;
      while (value > (edges[bin] ?? last)) bin += 1;
      return bin;
    }
    return value > last ? open : open + 1;
  };
  const add = (value: number): void => {
    const bin = binOf(value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  };
  const histogram: Histogram = {
    binCount: counts.length,
    edges,
    binOf,
    add,
    addAll(values) {
      for (let i = 0; i < values.length; i++) add(values[i] ?? 0);
    },
    counts: () => counts,
    total: () => sumOf(counts),
    merge: (other) => mergeCounts(histogram, counts, other),
    reset: () => void counts.fill(0),
  };
  return histogram;
}

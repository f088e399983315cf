export interface ParetoRow {
  readonly label: string;
  readonly count: number;
  /** Of all counted defects. */
  readonly share: number;
  readonly cumulativeShare: number;
  /** Relative to the longest bar, 0 to 1. */
  readonly length: number;
}

export function paretoRows(
  counts: readonly { readonly label: string; readonly count: number }[],
): readonly ParetoRow[] {
  const sorted = [...counts].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
  const total = sorted.reduce((sum, row) => sum + row.count, 0);
  const longest = sorted[0]?.count ?? 0;
  let running = 0;
  return sorted.map(({ label, count }) => {
    running += count;
    return {
      label,
      count,
      share: total > 0 ? count / total : 0,
      cumulativeShare: total > 0 ? running / total : 0,
      length: longest > 0 ? count / longest : 0,
    };
  });
}

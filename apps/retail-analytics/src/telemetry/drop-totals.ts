/** Totals of what was let go, by cause. */
export interface DropTotals {
  count(cause: string): void;
  totals(): Readonly<Record<string, number>>;
}

/** Causes are error codes; more different ones than this are counted as `other`. */
const maxCauses = 64;

export function createDropTotals(): DropTotals {
  const byCause = new Map<string, number>();
  return {
    count: (cause) => {
      const known = byCause.has(cause) || byCause.size < maxCauses ? cause : 'other';
      byCause.set(known, (byCause.get(known) ?? 0) + 1);
    },
    totals: () => Object.fromEntries(byCause),
  };
}

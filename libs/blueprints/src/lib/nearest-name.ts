/** The known name that was probably meant: fewest typing slips, and not more than a third of the letters. */
export function nearestName(wanted: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const [best] = known
    .map((name) => ({ name, slips: name.includes(wanted) && wanted.length > 2 ? 0 : slips(wanted, name) }))
    .sort((a, b) => a.slips - b.slips || a.name.localeCompare(b.name));
  return best !== undefined && best.slips <= most ? best.name : undefined;
}

/** `there is no bundle "x"; did you mean "y"? Known are ...` */
export function unknownName(kind: string, wanted: string, known: readonly string[]): string {
  const near = nearestName(wanted, known);
  const meant = near === undefined ? '' : `did you mean "${near}"? `;
  return `there is no ${kind} "${wanted}"; ${meant}known are ${[...known].sort().join(', ') || 'none'}`;
}

/** Letters put in, left out, mistaken or swapped with their neighbour (optimal string alignment). */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let fewest = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        fewest = Math.min(fewest, (before[j - 2] ?? 0) + 1);
      row.push(fewest);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

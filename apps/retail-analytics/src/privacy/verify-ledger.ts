import { releaseMetrics } from '@edge-blueprints/contracts';
import { epsilon, spentBetween, type Spending } from './budget-accounts.js';
import { readLedgerBesideWriter } from './ledger-read.js';

const dayMs = 86_400_000;

export interface LedgerVerdict {
  readonly verdict: 'sound' | 'sound, with the remains of an interrupted append' | 'damaged' | 'overspent' | 'empty';
  readonly problems: readonly string[];
  readonly entries: number;
  readonly head: string;
  readonly days: readonly string[];
  readonly released: number;
  readonly burnt: number;
  /** Reserved and neither answered nor burnt: the one in work, or what the next start burns. */
  readonly open: number;
  /** The dearest day: what one track-visit paid at most. */
  readonly mostSpent: { readonly day: string; readonly epsilon: number } | undefined;
}

/**
 * Judges a ledger from its files alone; a writer may run.
 * @param epsilonPerDay what no day may exceed; without it spending is told and not judged
 */
export function verifyLedger(
  folder: string,
  options: { readonly witnessFile?: string; readonly epsilonPerDay?: number } = {},
): LedgerVerdict {
  const { entries, days, head, tail, damage } = readLedgerBesideWriter(folder, options.witnessFile);
  const open = new Set<number>();
  const spendings: Spending[] = [];
  let released = 0;
  let burnt = 0;
  for (const { entry } of entries) {
    if (entry.kind === 'reserve') {
      open.add(entry.n);
      spendings.push(entry);
    }
    if (entry.kind === 'release') released += 1;
    if (entry.kind === 'burn') burnt += 1;
    if (entry.kind === 'release' || entry.kind === 'burn') open.delete(entry.reservation);
  }
  const perDay = new Map<number, Spending[]>();
  for (const s of spendings) {
    const day = Math.floor(s.fromEpochMs / dayMs);
    const ofDay = perDay.get(day) ?? [];
    ofDay.push(s);
    perDay.set(day, ofDay);
  }
  let mostSpent: LedgerVerdict['mostSpent'];
  const overspent: string[] = [];
  for (const [day, ofDay] of perDay) {
    const spent = epsilon(spentBetween(ofDay, day * dayMs, (day + 1) * dayMs));
    const name = new Date(day * dayMs).toISOString().slice(0, 10);
    if (mostSpent === undefined || spent > mostSpent.epsilon) mostSpent = { day: name, epsilon: spent };
    if (options.epsilonPerDay !== undefined && spent > options.epsilonPerDay + 1e-9)
      overspent.push(`${name}: ${spent} spent, ${options.epsilonPerDay} allowed`);
  }
  const verdict =
    damage.length > 0
      ? 'damaged'
      : overspent.length > 0
        ? 'overspent'
        : head.entry === 0
          ? 'empty'
          : tail
            ? 'sound, with the remains of an interrupted append'
            : 'sound';
  return {
    verdict,
    problems: [...damage, ...overspent],
    entries: head.entry,
    head: head.hash,
    days,
    released,
    burnt,
    open: open.size,
    mostSpent,
  };
}

export function verdictText(v: LedgerVerdict): string {
  const days = v.days.length === 0 ? 'no daily file' : `${v.days.length} daily files, ${v.days[0]} to ${v.days.at(-1)}`;
  return [
    `verdict   ${v.verdict}`,
    ...v.problems.map((problem) => `          ${problem}`),
    `entries   ${v.entries} in ${days}`,
    `head      ${v.head}`,
    `releases  ${v.released}, burnt ${v.burnt}, open ${v.open}, of ${releaseMetrics.length} metrics`,
    ...(v.mostSpent
      ? [`spent     at most ${v.mostSpent.epsilon} of epsilon by one track-visit, on ${v.mostSpent.day}`]
      : []),
    '',
  ].join('\n');
}

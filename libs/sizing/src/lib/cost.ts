import type { Assumed } from './assumptions.js';
import type { AssumptionKey } from './assumption-table.js';
import type { Sourced } from './sourced.js';

export const costCategories = ['hardware', 'roll-out', 'network and cloud', 'energy', 'operation'] as const;
export type CostCategory = (typeof costCategories)[number];

export interface CostLine {
  readonly category: CostCategory;
  readonly item: string;
  /** Money by year; the first is the investment before operation. */
  readonly years: readonly number[];
  readonly how: string;
  readonly uses: readonly string[];
}

export interface Cost {
  readonly lines: readonly CostLine[];
  readonly byCategory: Readonly<Record<CostCategory, number>>;
  readonly byYear: readonly number[];
  readonly total: number;
}

/** Gathers lines, and the prices that a complete figure still needs. Nothing is added up while one is missing. */
export interface CostSheet {
  /** @param paid what of the amount falls in which year; the investment is year 0 */
  add(line: {
    readonly category: CostCategory;
    readonly item: string;
    readonly price: Sourced | undefined;
    readonly at: string;
    readonly quantity: number | readonly number[];
    readonly uses: readonly (AssumptionKey | `input:${string}` | `target:${string}`)[] | readonly string[];
  }): void;
  readonly missing: readonly string[];
  readonly sources: readonly Sourced[];
  total(assumed: Assumed): Cost | undefined;
}

/** @param years of operation; a quantity that is one number is paid in each of them, a list starts with the investment */
export function createCostSheet(years: number): CostSheet {
  const lines: CostLine[] = [];
  const missing = new Set<string>();
  const sources = new Set<Sourced>();
  return {
    add({ category, item, price, at, quantity, uses }) {
      const quantities =
        typeof quantity === 'number' ? [0, ...Array.from({ length: years }, () => quantity)] : [...quantity];
      if (quantities.every((each) => each === 0)) return;
      if (price === undefined) {
        missing.add(at);
        return;
      }
      sources.add(price);
      const all = quantities.reduce((sum, each) => sum + each, 0);
      lines.push({
        category,
        item,
        years: Array.from({ length: years + 1 }, (_, year) => (quantities[year] ?? 0) * price.value),
        how: `${Number(all.toPrecision(4))} in all x ${price.value}`,
        uses: [`input:${at}`, ...uses],
      });
    },
    get missing() {
      return [...missing];
    },
    get sources() {
      return [...sources];
    },
    total(assumed) {
      if (missing.size > 0) return undefined;
      const rate = assumed('cost.discount');
      const worth = ({ years: amounts }: CostLine): number =>
        amounts.reduce((sum, amount, year) => sum + amount / (1 + rate) ** year, 0);
      const byCategory = Object.fromEntries(
        costCategories.map((category) => [
          category,
          lines.filter((line) => line.category === category).reduce((sum, line) => sum + worth(line), 0),
        ]),
      );
      const totals: Readonly<Record<CostCategory, number>> = {
        hardware: byCategory['hardware'] ?? 0,
        'roll-out': byCategory['roll-out'] ?? 0,
        'network and cloud': byCategory['network and cloud'] ?? 0,
        energy: byCategory['energy'] ?? 0,
        operation: byCategory['operation'] ?? 0,
      };
      return {
        lines,
        byCategory: totals,
        byYear: Array.from({ length: years + 1 }, (_, year) =>
          lines.reduce((sum, line) => sum + (line.years[year] ?? 0), 0),
        ),
        total: Object.values(totals).reduce((sum, each) => sum + each, 0),
      };
    },
  };
}

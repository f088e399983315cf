/** Five classes, borders spaced by squares: the eye tells five steps apart and few cells hold most of the time. */
const shares = [0.04, 0.16, 0.36, 0.64] as const;
export const heatClassCount = 5;

/** The next 1, 2 or 5 times a power of ten that is not below `value`. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}

export interface HeatScale {
  /** Lower borders of the classes 2 to 5, person-seconds per m2. */
  readonly borders: readonly number[];
  /** 0: nothing to show; 1 to 5: the class of a cell with so many person-seconds. */
  classOf(seconds: number): number;
}

/** The scale of one map. One extreme cell does not wash out the others: the top follows the 98th percentile. */
export function heatScale(seconds: readonly number[], cellM: number): HeatScale {
  const area = cellM * cellM;
  const filled = seconds.filter((s) => s > 0).sort((a, b) => a - b);
  const top = niceCeiling((filled[Math.floor(0.98 * (filled.length - 1))] ?? 0) / area);
  const borders = shares.map((share) => share * top);
  return {
    borders,
    classOf: (s) => (s > 0 ? 1 + borders.filter((border) => s / area >= border).length : 0),
  };
}

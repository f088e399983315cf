/** Two sensors of one patient measure the pulse and do not agree. */
export interface Disagreement {
  /** @returns since when they disagree, once that is long enough */
  take(
    device: string,
    value: number,
    measuredMs: number,
  ): { readonly sinceMs: number; readonly devices: readonly string[] } | undefined;
  forget(device: string): void;
}

export interface DisagreementOptions {
  readonly largest: number;
  readonly lastingMs: number;
  /** A value that is older is not compared. */
  readonly freshMs: number;
}

export function createDisagreement({ largest, lastingMs, freshMs }: DisagreementOptions): Disagreement {
  const latest = new Map<string, { readonly value: number; readonly measuredMs: number }>();
  let sinceMs: number | undefined;
  return {
    take(device, value, measuredMs) {
      latest.set(device, { value, measuredMs });
      const fresh = [...latest].filter(([, one]) => measuredMs - one.measuredMs <= freshMs);
      const values = fresh.map(([, one]) => one.value);
      if (Math.max(...values) - Math.min(...values) <= largest) {
        sinceMs = undefined;
        return undefined;
      }
      sinceMs ??= measuredMs;
      return measuredMs - sinceMs >= lastingMs ? { sinceMs, devices: fresh.map(([name]) => name).sort() } : undefined;
    },
    forget: (device) => void latest.delete(device),
  };
}

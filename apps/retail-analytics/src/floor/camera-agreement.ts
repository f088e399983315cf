import type { CameraAgreement } from './floor-port.js';

const binM = 0.02;
const bins = 100;

export interface AgreementLog {
  /** Two cameras see the same person this far apart. */
  note(one: string, other: string, distanceM: number): void;
  read(): readonly CameraAgreement[];
}

/** Histograms of how far pairs of cameras disagree: bounded, without any place or person. */
export function createAgreementLog(): AgreementLog {
  const pairs = new Map<string, { cameras: readonly [string, string]; counts: Uint32Array; samples: number }>();
  return {
    note(one, other, distanceM) {
      const cameras = one < other ? ([one, other] as const) : ([other, one] as const);
      const key = cameras.join(' ');
      const pair = pairs.get(key) ?? { cameras, counts: new Uint32Array(bins), samples: 0 };
      pairs.set(key, pair);
      const bin = Math.min(bins - 1, Math.floor(distanceM / binM));
      pair.counts[bin] = (pair.counts[bin] ?? 0) + 1;
      pair.samples += 1;
    },
    read: () =>
      [...pairs.values()].map(({ cameras, counts, samples }) => ({
        cameras,
        samples,
        medianM: quantileOf(counts, samples, 0.5),
        p95M: quantileOf(counts, samples, 0.95),
      })),
  };
}

function quantileOf(counts: Uint32Array, samples: number, q: number): number {
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    below += count;
    if (below >= q * samples) return (bin + 0.5) * binM;
  }
  return bins * binM;
}

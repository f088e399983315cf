// A small simulated store over a ledger folder, with a clock that a test sets. Everything that was promised is told.
import { createHash } from 'node:crypto';
import type { RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import type { WindowContributions } from '../../apps/retail-analytics/src/measures/contribution.js';
import { allowancesOf } from '../../apps/retail-analytics/src/privacy/budget-accounts.js';
import { openBudgetLedger } from '../../apps/retail-analytics/src/privacy/budget-ledger.js';
import { privacySchema } from '../../apps/retail-analytics/src/privacy/privacy-config.js';
import { createSystemBits } from '../../apps/retail-analytics/src/privacy/random-bits.js';
import { createReleaser } from '../../apps/retail-analytics/src/privacy/releaser.js';
import type { BudgetLedger } from '../../apps/retail-analytics/src/privacy/release-ports.js';

export const hourMs = 3_600_000;
export const firstHour = Date.UTC(2026, 2, 2) / hourMs;

/** `reserved`: from here on noise may have been drawn. `answer`: the caller has it. */
export type Told =
  | { readonly kind: 'reserved'; readonly key: string }
  | { readonly kind: 'answer'; readonly key: string; readonly digest: string }
  | { readonly kind: 'refused'; readonly key: string; readonly code: string };

export const keyOf = (metric: string, fromEpochMs: number, toEpochMs: number): string =>
  `${metric} ${fromEpochMs} ${toEpochMs}`;
export const releaseKey = (r: RetailRelease): string =>
  keyOf(r.metric, Date.parse(r.windowFrom), Date.parse(r.windowTo));
export const digestOf = (release: RetailRelease): string =>
  createHash('sha256').update(JSON.stringify(release)).digest('hex');

const area: [number, number][] = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
];
const plan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Kill',
  widthM: 4,
  depthM: 4,
  fixtures: [],
  zones: [{ id: 'fruit', name: 'Fruit', polygon: area }],
  lines: [{ id: 'door', name: 'Door', from: [0, 0], to: [1, 0], inside: 'left' }],
  queues: [],
  staffAreas: [],
  masks: [],
};

export function openStore(folder: string, startHour: number, tell: (told: Told) => void) {
  // The node starts on the hour, so that a window asked for in two lives is the same query.
  let now = startHour * hourMs;
  const clock = { epochMs: () => now, monotonicMs: () => now };
  const config = privacySchema.parse({
    heatCellM: 2,
    windows: { longS: 4 * 3_600 },
    ledger: { folder: `${folder}/ledger`, witnessFile: `${folder}/witness`, keepDays: 2 },
  });
  const bits = createSystemBits();
  const real = openBudgetLedger({
    store: 'kill',
    config: config.ledger,
    allowances: allowancesOf(config),
    clock,
    bits,
  });
  const ledger: BudgetLedger = {
    ...real,
    reserve(query) {
      const outcome = real.reserve(query);
      if (outcome.kind === 'reserved')
        tell({ kind: 'reserved', key: keyOf(query.metric, query.fromEpochMs, query.toEpochMs) });
      return outcome;
    },
  };
  const releaser = createReleaser({ store: 'kill', simulated: true, config, ledger, bits, clock });
  return {
    ledger,
    /** Closes the window of this hour, with as many tracks as the hour's number gives. */
    hour(hour: number): void {
      now = Math.max(now, (hour + 1) * hourMs);
      const window: WindowContributions = {
        fromEpochMs: hour * hourMs,
        toEpochMs: (hour + 1) * hourMs,
        planRevision: 1,
        coverage: 1,
        qualityReasons: [],
        tracks: Array.from({ length: hour % 7 }, (_, i) => ({
          key: `${hour}-${i}`,
          startedAtMs: 0,
          crossings: [{ line: 'door', direction: 'in' as const }],
          visits: [{ zone: 'fruit', enteredAtMs: 0, dwellS: 30, censored: false }],
          heat: new Map([[i, 10]]),
          transitions: [],
          queues: [],
        })),
      };
      const { releases, refused } = releaser.release(window, plan);
      for (const release of releases) tell({ kind: 'answer', key: releaseKey(release), digest: digestOf(release) });
      for (const { metric, fromEpochMs, toEpochMs, code } of refused)
        tell({ kind: 'refused', key: keyOf(metric, fromEpochMs, toEpochMs), code });
    },
    close: () => releaser.close(),
  };
}

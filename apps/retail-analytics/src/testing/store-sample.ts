import type { StorePlan } from '@edge-blueprints/contracts';
import type { TrackContribution, WindowContributions } from '../measures/contribution.js';
import { privacySchema, type PrivacyConfig } from '../privacy/privacy-config.js';

const square = (x: number, y: number): [number, number][] => [
  [x, y],
  [x + 2, y],
  [x + 2, y + 2],
  [x, y + 2],
];

/** A small store: one line, six zones, one queue. */
export const samplePlan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Sample',
  widthM: 6,
  depthM: 4,
  fixtures: [],
  zones: ['bakery', 'fruit', 'milk', 'wine', 'tea', 'toys'].map((id, i) => ({
    id,
    name: id,
    polygon: square((i % 3) * 2, Math.floor(i / 3) * 2),
  })),
  lines: ['entrance', 'back'].map((id) => ({ id, name: id, from: [0, 0], to: [1, 0], inside: 'left' })),
  queues: [{ id: 'till', name: 'Till', servicePoint: [1, 1], directionDeg: 90, area: square(0, 0) }],
  staffAreas: [],
  masks: [],
};

export const hourMs = 3_600_000;
export const sampleDay = Date.UTC(2026, 2, 2);

export function sampleConfig(folder: string, rest: Record<string, unknown> = {}): PrivacyConfig {
  const { ledger, ...others } = { ledger: {}, ...rest };
  return privacySchema.parse({ ...others, ledger: { folder, ...(typeof ledger === 'object' ? ledger : {}) } });
}

export function sampleTrack(key: string, rest: Partial<TrackContribution> = {}): TrackContribution {
  return {
    key,
    startedAtMs: 0,
    crossings: [{ line: 'entrance', direction: 'in' }],
    visits: [{ zone: 'bakery', enteredAtMs: 0, dwellS: 40, censored: false }],
    heat: new Map([
      [0, 10],
      [5, 5],
    ]),
    transitions: [{ from: 'bakery', to: 'fruit' }],
    queues: [{ queue: 'till', joinedAtMs: 0, waitS: 200, outcome: 'served' }],
    ...rest,
  };
}

/** The hour of the sample day that begins at this hour. */
export function sampleWindow(
  hour: number,
  tracks: readonly TrackContribution[],
  rest: Partial<WindowContributions> = {},
): WindowContributions {
  const fromEpochMs = sampleDay + hour * hourMs;
  return {
    fromEpochMs,
    toEpochMs: fromEpochMs + hourMs,
    planRevision: 1,
    tracks,
    coverage: 1,
    qualityReasons: [],
    ...rest,
  };
}

/** A clock that is set by hand. */
export function manualClock(epochMs: number) {
  let now = epochMs;
  return { epochMs: () => now, monotonicMs: () => now, set: (to: number) => void (now = to) };
}

import type { BudgetView, RetailRelease, StorePlan, StoreView } from '@edge-blueprints/contracts';

export const aPlan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 1,
  name: 'Test store',
  widthM: 10,
  depthM: 8,
  fixtures: [],
  zones: [
    {
      id: 'bakery',
      name: 'Bakery',
      polygon: [
        [1, 4],
        [5, 4],
        [5, 7],
        [1, 7],
      ],
    },
  ],
  lines: [{ id: 'entrance', name: 'Entrance', from: [4, 1], to: [6, 1], inside: 'left' }],
  queues: [],
  staffAreas: [],
  masks: [],
};

export const aBudget: BudgetView = {
  day: '2026-11-22',
  epsilonPerDay: 1,
  spent: 0.1,
  perMetric: {
    counts: { allowed: 0.35, spent: 0.1 },
    visits: { allowed: 0.25, spent: 0 },
    dwell: { allowed: 0.2, spent: 0 },
    heat: { allowed: 0.15, spent: 0 },
    queue: { allowed: 0.05, spent: 0 },
    transitions: { allowed: 0, spent: 0 },
  },
  burnt: 0,
  ledger: { state: 'open', detail: '', entries: 2, head: 'a'.repeat(64) },
};

export function aRelease(values: Partial<RetailRelease> = {}): RetailRelease {
  return {
    format: 'edge-retail-release/1',
    store: 'store-1',
    metric: 'counts',
    windowFrom: '2026-11-22T10:00:00.000Z',
    windowTo: '2026-11-22T11:00:00.000Z',
    planRevision: 1,
    mechanism: 'discrete-laplace',
    epsilon: 0.35,
    sensitivity: 2,
    error95: 17,
    unit: 'people',
    minimum: 10,
    roundedTo: 5,
    coverage: 1,
    quality: 'good',
    qualityReasons: [],
    cells: [
      { key: 'entrance/in', value: 120 },
      { key: 'entrance/out', value: null },
    ],
    fragmentation: 2,
    ledger: { entry: 1, hash: 'b'.repeat(64) },
    simulated: true,
    ...values,
  };
}

export function aView(): StoreView {
  return {
    store: 'store-1',
    simulated: true,
    atEpochMs: 1_700_000_000_000,
    plan: aPlan,
    people: { kind: 'fewer', than: 5 },
    lines: [],
    zones: [],
    queues: [],
    cameras: [],
    heat: { cellM: 0.5, columns: 0, rows: 0, seconds: [], minimumPeople: 5 },
    budget: aBudget,
    releases: [],
    alarms: [],
    model: { bundle: 'people', version: '1.0.0', variant: 'int8', provider: 'cpu', inferMsP50: null },
    privacy: { debugCapable: false, minimumCount: 5, unit: 'track-visit', fragmentation: 2 },
  };
}

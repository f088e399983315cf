import { createRandom } from '@edge-blueprints/contracts';
import type { CameraCalibration, ReleaseMetric, RetailRelease, StorePlan, StoreView } from '@edge-blueprints/contracts';

export const scenarios = ['calm', 'trouble', 'empty', 'silent'] as const;
export type Scenario = (typeof scenarios)[number];

const box = (x0: number, y0: number, x1: number, y1: number) =>
  [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ] as const;

export const inventedPlan: StorePlan = {
  format: 'edge-store-plan/1',
  revision: 3,
  name: 'Market Street',
  widthM: 14,
  depthM: 10,
  fixtures: [
    { id: 'doors', kind: 'door', polygon: box(2, 0, 4, 0.2), heightM: 2.2 },
    { id: 'shelf-1', kind: 'shelf', polygon: box(1, 4.1, 5, 4.6), heightM: 1.7 },
    { id: 'shelf-2', kind: 'shelf', polygon: box(1, 6.6, 7.4, 7.1), heightM: 1.7 },
    { id: 'till-1', kind: 'till', polygon: box(9.6, 1.6, 10.2, 3.2), heightM: 1 },
    { id: 'till-2', kind: 'till', polygon: box(12, 1.6, 12.6, 3.2), heightM: 1 },
    { id: 'mirror', kind: 'mirror', polygon: box(13.8, 5, 14, 7), heightM: 2 },
  ],
  zones: [
    { id: 'bakery', name: 'Bakery', polygon: box(0.6, 7.4, 4.2, 9.6) },
    { id: 'chilled', name: 'Chilled', polygon: box(4.6, 7.4, 8, 9.6) },
    { id: 'fruit', name: 'Fruit', polygon: box(1, 4.8, 5, 6.4) },
    { id: 'seasonal', name: 'Seasonal', polygon: box(5.4, 3.4, 7.8, 6.2) },
  ],
  lines: [{ id: 'entrance', name: 'Entrance', from: [1.9, 1.5], to: [4.1, 1.5], inside: 'left' }],
  queues: [
    { id: 'till-1', name: 'Till 1', servicePoint: [9.2, 2.4], directionDeg: 90, area: box(8.3, 1.9, 9.5, 7.8) },
    { id: 'till-2', name: 'Till 2', servicePoint: [11.6, 2.4], directionDeg: 90, area: box(10.7, 1.9, 11.9, 7.8) },
  ],
  staffAreas: [box(12.7, 0.4, 13.8, 3.4)],
  masks: [],
};

export const inventedCalibration: Omit<CameraCalibration, 'homography' | 'format'> = {
  camera: 'aisles',
  imageWidth: 640,
  imageHeight: 360,
  mount: 'oblique',
  heightM: 3,
  nadir: [0.3, 9.7],
  points: [
    { pixel: [82, 301], floor: [1, 4.1] },
    { pixel: [318, 288], floor: [5, 4.1] },
    { pixel: [96, 214], floor: [1, 6.6] },
    { pixel: [402, 196], floor: [7.4, 6.6] },
    { pixel: [120, 120], floor: [0.6, 9.6] },
    { pixel: [388, 118], floor: [8, 9.6] },
  ],
  heldOut: { medianM: 0.04, p95M: 0.06 },
  authority: box(0, 3.4, 8.2, 10),
  calibratedAt: '2026-05-12T08:00:00.000Z',
};

const hourMs = 3_600_000;
const random = createRandom(11);
const sha = 'a3f1'.repeat(16);

function release(
  metric: ReleaseMetric,
  fromEpochMs: number,
  hours: number,
  cells: RetailRelease['cells'],
): RetailRelease {
  const toEpochMs = fromEpochMs + hours * hourMs;
  const isDegraded = new Date(fromEpochMs).getUTCHours() % 7 === 3;
  return {
    format: 'edge-retail-release/1',
    store: 'store-1',
    metric,
    windowFrom: new Date(fromEpochMs).toISOString(),
    windowTo: new Date(toEpochMs).toISOString(),
    planRevision: 3,
    mechanism: 'discrete-laplace',
    epsilon: 0.35,
    sensitivity: metric === 'counts' ? 2 : 3,
    error95: metric === 'counts' ? 17 : 36,
    unit: 'people',
    minimum: 10,
    roundedTo: 5,
    coverage: isDegraded ? 0.84 : 1,
    quality: isDegraded ? 'degraded' : 'good',
    qualityReasons: isDegraded ? ['camera tills was lost for 9 minutes'] : [],
    cells,
    fragmentation: 2,
    ledger: { entry: 100 + (Math.floor(fromEpochMs / hourMs) % 1000), hash: sha },
    simulated: true,
  };
}

const rounded = (value: number): number | null => (value < 10 ? null : Math.round(value / 5) * 5);

/** Nine days of hours. */
export function inventedReleases(nowMs: number): readonly RetailRelease[] {
  const last = Math.floor(nowMs / hourMs) * hourMs;
  return Array.from({ length: 9 * 24 }, (_, i) => last - (9 * 24 - i) * hourMs).flatMap((from) => {
    const hour = new Date(from).getUTCHours();
    const busy = 12 + 150 * Math.max(0, Math.sin(((hour - 6) / 15) * Math.PI)) * (0.85 + 0.3 * random.next());
    return [
      release('counts', from, 1, [
        { key: 'entrance/in', value: rounded(busy + 8 * random.next()) },
        { key: 'entrance/out', value: rounded(busy * 0.95 - 3 * random.next()) },
      ]),
      release(
        'visits',
        from,
        1,
        inventedPlan.zones.map(({ id }, z) => ({ key: `zone/${id}`, value: rounded(busy * (0.7 - 0.16 * z)) })),
      ),
    ];
  });
}

export function inventedView(
  scenario: Scenario,
  nowMs: number,
  releases: readonly RetailRelease[],
  plan: StorePlan = inventedPlan,
): StoreView {
  const isTrouble = scenario === 'trouble';
  const wave = Math.sin(nowMs / 4_000);
  const columns = 28;
  const rows = 20;
  const spots = [
    [6, 17, 300],
    [17, 9, 180],
    [6, 3, 90],
    [13, 10, 60],
    [23, 8, 110],
  ] as const;
  const seconds = Array.from({ length: columns * rows }, (_, i) => {
    const sum = spots.reduce(
      (total, [x, y, peak]) =>
        total + peak * Math.exp(-(((i % columns) - x) ** 2) / 9 - (Math.floor(i / columns) - y) ** 2 / 7),
      0,
    );
    return sum > 6 && scenario !== 'empty' ? Math.round(sum * 10) / 10 : 0;
  });
  const camera = (id: string, authority: ReturnType<typeof box>, mount: 'overhead' | 'oblique') => ({
    id,
    connected: true,
    mount,
    framesPerS: 8 + 0.2 * wave,
    floorFramesPerS: mount === 'overhead' ? 8 : 5,
    dropped: { 'frame.superseded': 12, 'engine.late': 3, 'frame.corrupt': 0 },
    state: 'seeing' as const,
    detail: '',
    lastSeenEpochMs: nowMs - 80,
    calibrationErrorM: 0.06,
    authority,
  });
  const ledger = isTrouble
    ? ({ state: 'damaged', detail: 'Entry 212 does not hold the hash of entry 211.' } as const)
    : ({ state: 'open', detail: '' } as const);
  const share = (allowed: number, spent: number) => ({ allowed, spent });
  return {
    store: 'store-1',
    simulated: true,
    atEpochMs: nowMs,
    plan,
    people: scenario === 'empty' ? { kind: 'fewer', than: 5 } : { kind: 'count', value: 31 + Math.round(3 * wave) },
    lines: [
      {
        id: 'entrance',
        name: 'Entrance',
        inToday: 1_284,
        outToday: 1_251,
        inLastHour: { kind: 'count', value: 143 },
        outLastHour: { kind: 'count', value: 139 },
      },
    ],
    zones: plan.zones.map(({ id, name }, i) => ({
      id,
      name,
      people: i < 2 && scenario !== 'empty' ? { kind: 'count', value: 9 - 3 * i } : { kind: 'fewer', than: 5 },
      dwellMedianS: i === 3 ? null : 74 + 31 * i,
      censoredShare: i === 3 ? null : 0.08 + 0.05 * i,
      state: isTrouble && i === 1 ? 'suspended' : 'good',
    })),
    queues: plan.queues.map(({ id, name }, i) => ({
      id,
      name,
      length: scenario === 'empty' ? 0 : 4 - 3 * i,
      parties: scenario === 'empty' ? 0 : 3 - 2 * i,
      expectedWaitS: scenario === 'empty' ? null : 212 - 150 * i,
      longestWaitS: scenario === 'empty' ? null : 148 - 100 * i,
      abandonedLastHour: i === 0 ? { kind: 'count', value: 6 } : { kind: 'fewer', than: 5 },
      littleResidual: scenario === 'empty' ? null : isTrouble && i === 0 ? 0.62 : 0.08,
      state: isTrouble && i === 0 ? 'unreliable' : 'good',
    })),
    cameras: [
      camera('entrance', box(0, 0, 6, 3.4), 'overhead'),
      camera('aisles', box(0, 3.4, 8.2, 10), 'oblique'),
      {
        ...camera('tills', box(8.2, 0, 14, 10), 'oblique'),
        ...(isTrouble
          ? {
              connected: false,
              state: 'lost' as const,
              framesPerS: 0,
              detail: 'No picture for 41 s. What it watches is unknown.',
              lastSeenEpochMs: nowMs - 41_000,
            }
          : {}),
      },
    ],
    heat: { cellM: 0.5, columns, rows, seconds, minimumPeople: 5 },
    budget: {
      day: new Date(nowMs).toISOString().slice(0, 10),
      epsilonPerDay: 1,
      spent: 0.6,
      perMetric: {
        counts: share(0.35, 0.35),
        visits: share(0.25, 0.25),
        dwell: share(0.2, 0),
        heat: share(0.15, 0),
        queue: share(0.05, 0),
        transitions: share(0, 0),
      },
      burnt: isTrouble ? 0.015 : 0,
      ledger: { ...ledger, entries: 412, head: sha },
    },
    releases: scenario === 'empty' ? [] : releases.slice(-48),
    alarms: isTrouble
      ? [
          alarm(
            'ledger',
            'store.ledger-damaged',
            'No figures leave the store: entry 212 does not hold the hash of 211.',
          ),
          alarm('camera/tills', 'store.camera-lost', 'Camera tills: No picture for 41 s. What it watches is unknown.'),
          alarm(
            'queue/till-1',
            'store.queue-unreliable',
            'Queue Till 1: length, arrivals and waits do not fit each other',
          ),
        ]
      : [],
    model: { bundle: 'person-pose', version: '1.0.0', variant: 'int8-416', provider: 'cpu', inferMsP50: 9.4 },
    privacy: { debugCapable: isTrouble, minimumCount: 5, unit: 'track-visit', fragmentation: 2 },
  };
}

const alarm = (id: string, code: string, text: string) => ({ id, code, text, sinceEpochMs: 0 });

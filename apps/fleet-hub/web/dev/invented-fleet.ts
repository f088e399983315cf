import { createRandom } from '@edge-blueprints/contracts';
import type { DeviceRowView, FleetSummaryView } from '@edge-blueprints/contracts';

export const scenarios = ['trouble', 'calm', 'site-down', 'hole', 'silent'] as const;
export type Scenario = (typeof scenarios)[number];

type Health = DeviceRowView['health'];
type Change = { -readonly [K in keyof DeviceRowView]: DeviceRowView[K] };

const cities = [
  'aachen bergen brno cork debrecen eindhoven gdansk ghent graz halle innsbruck jena kaunas kosice leipzig linz',
  'lodz lyon malmo mainz nantes odense ostrava oulu pecs plzen porto riga rostock salzburg siena split szeged tallinn',
  'tampere tartu trier turku ulm uppsala varna vigo vilnius zilina',
]
  .join(' ')
  .split(' ');

const reasons: Readonly<Record<Health, readonly [string, ...string[]]>> = {
  ok: [''],
  degraded: ['runs on the CPU, its accelerator is gone', 'disk 93% full', 'throttled, 84 °C for 11 min'],
  alarm: ['brightness drifted, 0.31 above the threshold 0.10', 'p99 of capture-to-act is 141 ms, limit 120 ms'],
  stale: ['connected, no event for 4 min'],
  offline: ['no connection for 38 min', 'no connection for 2 h 10 min'],
  revoked: ['certificate revoked by admin'],
};

export interface InventedFleet {
  readonly rows: DeviceRowView[];
  /** Changes a few devices; returns those that changed. */
  step(scenario: Scenario, atMs: number): readonly DeviceRowView[];
  summary(scenario: Scenario, atMs: number): FleetSummaryView;
}

/** Invented devices for work on the page. Nothing here is measured; every figure comes from the seed. */
export function createInventedFleet(devices: number, seed: number): InventedFleet {
  const random = createRandom(seed);
  const sites = devices <= 20 ? 2 : Math.min(cities.length, Math.ceil(devices / 240));
  const rows: DeviceRowView[] = [];
  const small: readonly Health[] = ['ok', 'degraded', 'ok', 'offline', 'ok'];
  for (let n = 0; n < devices; n++) {
    // Sites of different size, as in life.
    const site = cities[Math.floor(sites * Math.pow(n / devices, 1.25))] ?? 'aachen';
    const draw = random.next();
    const health: Health =
      devices <= 20
        ? (small[n % small.length] ?? 'ok')
        : draw < 0.004
          ? 'alarm'
          : draw < 0.012
            ? 'offline'
            : draw < 0.02
              ? 'degraded'
              : draw < 0.025
                ? 'stale'
                : draw < 0.028
                  ? 'revoked'
                  : 'ok';
    rows.push(rowOf(site, `line-${String(n + 1).padStart(devices > 999 ? 5 : 2, '0')}`, health));
  }

  function rowOf(site: string, device: string, health: Health): DeviceRowView {
    const silentMs = health === 'offline' ? 2_300_000 : health === 'stale' ? 240_000 : random.integer(500, 9_000);
    return {
      site,
      device,
      health,
      reason: random.pick(reasons[health]),
      app: 'manufacturing-inspection',
      bundleVersion: random.next() < 0.8 ? '1.4.0' : '1.3.2',
      target: random.next() < 0.6 ? 'cpu' : 'jetson-orin',
      lastSeenAt: new Date(Date.now() - silentMs).toISOString(),
      backlog: health === 'offline' ? null : health === 'ok' ? random.integer(0, 12) : random.integer(40, 9_000),
      declaredLost: random.next() < 0.002 ? random.integer(1, 400) : 0,
      openAlerts: health === 'ok' || health === 'revoked' ? 0 : 1,
      simulated: true,
    };
  }

  const seen = (row: DeviceRowView, scenario: Scenario): DeviceRowView => {
    if (scenario === 'calm' && row.health !== 'ok')
      return { ...row, health: 'ok', reason: '', openAlerts: 0, backlog: 0, lastSeenAt: new Date().toISOString() };
    if (scenario === 'site-down' && row.site === rows[0]?.site)
      return { ...row, health: 'offline', reason: 'no connection for 3 min', backlog: null, openAlerts: 1 };
    return row;
  };

  let events = 8_412_377;
  return {
    rows,
    step: (scenario, atMs) => {
      const changed: DeviceRowView[] = [];
      const share = Math.max(1, Math.round(devices / 20));
      for (let n = 0; n < share; n++) {
        const index = random.integer(0, rows.length - 1);
        const row = rows[index];
        if (row === undefined || row.health === 'offline' || row.health === 'revoked') continue;
        const next: Change = { ...row, lastSeenAt: new Date(atMs).toISOString(), backlog: random.integer(0, 12) };
        if (devices > 20 && random.next() < (row.health === 'ok' ? 0.0002 : 0.01)) {
          next.health = row.health === 'ok' ? 'degraded' : 'ok';
          next.reason = random.pick(reasons[next.health]);
        }
        rows[index] = next;
        changed.push(seen(next, scenario));
      }
      return changed;
    },
    summary: (scenario, atMs) => {
      const shown = rows.map((row) => seen(row, scenario));
      const empty = () => ({ ok: 0, degraded: 0, alarm: 0, stale: 0, offline: 0, revoked: 0 });
      const byHealth = empty();
      const bySite = new Map<string, ReturnType<typeof empty>>();
      for (const row of shown) {
        byHealth[row.health] += 1;
        const counts = bySite.get(row.site) ?? empty();
        counts[row.health] += 1;
        bySite.set(row.site, counts);
      }
      const perSecond = Math.round(devices * 0.52 + random.next() * devices * 0.02);
      events += perSecond;
      const total = (counts: ReturnType<typeof empty>): number => Object.values(counts).reduce((a, b) => a + b, 0);
      return {
        at: new Date(atMs).toISOString(),
        devices,
        byHealth,
        sites: [...bySite].map(([site, counts]) => ({ site, devices: total(counts), byHealth: counts })),
        openAlerts: shown.reduce((sum, row) => sum + row.openAlerts, 0),
        openLabels: scenario === 'calm' ? 0 : 37,
        ingest: {
          events,
          duplicates: 1_204,
          quarantined: scenario === 'calm' ? 0 : 3,
          batchesRefused: 0,
          eventsPerSecond: perSecond,
          broker: 'embedded',
          store: 'pglite',
          workers: 1,
        },
        incomplete: scenario === 'hole' ? 2 : 0,
      };
    },
  };
}

export function shownRows(fleet: InventedFleet, scenario: Scenario): readonly DeviceRowView[] {
  if (scenario === 'calm')
    return fleet.rows.map((row) => ({ ...row, health: 'ok' as const, reason: '', openAlerts: 0 }));
  if (scenario !== 'site-down') return fleet.rows;
  const site = fleet.rows[0]?.site;
  return fleet.rows.map((row) =>
    row.site === site ? { ...row, health: 'offline' as const, reason: 'no connection for 3 min', openAlerts: 1 } : row,
  );
}

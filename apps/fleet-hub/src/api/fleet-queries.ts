import type {
  DeviceDetailView,
  DeviceHealth,
  DeviceIdentity,
  DevicePageView,
  FleetSummaryView,
} from '@edge-blueprints/contracts';

export const deviceSorts = ['device', 'health', 'lastSeen', 'backlog', 'lost', 'alerts', 'bundle'] as const;

export interface DeviceSearch {
  /** Words that must all stand in site, device, reason, app, bundle version or target; empty for all. */
  readonly search: string;
  readonly site: string | null;
  readonly health: DeviceHealth | null;
  readonly sort: (typeof deviceSorts)[number];
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** What the API asks about devices. */
export interface FleetQueries {
  summary(): Promise<FleetSummaryView>;
  devices(search: DeviceSearch): Promise<DevicePageView>;
  device(identity: DeviceIdentity): Promise<DeviceDetailView | undefined>;
}

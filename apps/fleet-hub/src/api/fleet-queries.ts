import type { DeviceDetailView, DeviceIdentity, DevicePageView, FleetSummaryView } from '@edge-blueprints/contracts';
import type { DeviceQuery } from '../devices/device-book.js';

/** What the API asks about devices. */
export interface FleetQueries {
  summary(): Promise<FleetSummaryView>;
  devices(query: DeviceQuery): Promise<DevicePageView>;
  device(identity: DeviceIdentity): Promise<DeviceDetailView | undefined>;
}

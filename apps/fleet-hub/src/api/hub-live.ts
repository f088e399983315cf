import { errorMessage } from '@edge-blueprints/contracts';
import type { Clock, Logger } from '@edge-blueprints/contracts';
import type { DashboardServer } from '@edge-blueprints/dashboard';
import type { AlertBook } from '../alerts/alert-book.js';
import type { DeviceQuery } from '../devices/device-book.js';
import { readLabelAccuracy } from '../labels/label-accuracy.js';
import type { LabelQueue } from '../labels/label-queue.js';
import type { SqlStore } from '../store/sql-store.js';
import type { FleetQueries } from './fleet-queries.js';
import { createRowChanges } from './row-changes.js';

const allDevices: DeviceQuery = {
  search: '',
  site: null,
  health: null,
  sort: 'device',
  descending: false,
  offset: 0,
  limit: 10_000,
};
const rowsAtOnce = 1_000;
const alertsAtOnce = 50;
/** Reading 10,000 rows must not take more than a tenth of the store's time. */
const restFactor = 10;
const devicesEveryMs = 2_000;

export interface HubLive {
  /** Tells pages what is new, if there are any. Call it every second; a call while one runs does nothing. */
  step(): Promise<void>;
  alertsChanged(ids: readonly number[]): Promise<void>;
  labelsChanged(): Promise<void>;
}

/** What is pushed to pages: `fleet`, `devices`, `alert`, `labels`. */
export function createHubLive(
  server: Pick<DashboardServer, 'viewers' | 'publish' | 'notify'>,
  deps: {
    readonly fleet: FleetQueries;
    readonly alerts: AlertBook;
    readonly labels: LabelQueue;
    readonly store: SqlStore;
    readonly clock: Pick<Clock, 'monotonicMs'>;
    readonly logger: Logger;
  },
): HubLive {
  const rows = createRowChanges();
  let running = false;
  let devicesDueMs = 0;
  const quietly = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      deps.logger.warn('hub.live-failed', { message: errorMessage(error) });
    }
  };
  const tellDevices = async (): Promise<void> => {
    const beganMs = deps.clock.monotonicMs();
    if (beganMs < devicesDueMs) return;
    const page = await deps.fleet.devices(allDevices);
    const tookMs = deps.clock.monotonicMs() - beganMs;
    devicesDueMs = beganMs + Math.max(devicesEveryMs, tookMs * restFactor);
    const changed = rows.changed(page.rows);
    for (let i = 0; i < changed.length; i += rowsAtOnce) server.notify('devices', changed.slice(i, i + rowsAtOnce));
  };
  return {
    step: async () => {
      if (running || server.viewers() === 0) return;
      running = true;
      await quietly(async () => {
        server.publish('fleet', await deps.fleet.summary());
        await tellDevices();
      });
      running = false;
    },
    alertsChanged: (ids) =>
      quietly(async () => {
        if (ids.length === 0 || server.viewers() === 0) return;
        // The newest; a page that sees many reads the list again.
        const distinct = [...new Set(ids)].slice(-alertsAtOnce);
        for (const alert of await deps.alerts.byIds(distinct)) server.notify('alert', alert);
      }),
    labelsChanged: () =>
      quietly(async () => {
        if (server.viewers() === 0) return;
        const accuracy = await readLabelAccuracy(deps.store, undefined);
        server.notify('labels', { ...(await deps.labels.counts()), accuracy });
      }),
  };
}

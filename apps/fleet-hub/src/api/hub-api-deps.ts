import type { DeviceIdentity } from '@edge-blueprints/contracts';
import type { AlertBook } from '../alerts/alert-book.js';
import type { AlertDispatch } from '../alerts/alert-dispatch.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { LabelQueue } from '../labels/label-queue.js';
import type { SqlStore } from '../store/sql-store.js';
import type { HubUsers } from '../users/hub-users.js';
import type { FleetQueries } from './fleet-queries.js';

/** What the endpoints work with. */
export interface HubApiDeps {
  readonly store: SqlStore;
  readonly fleet: FleetQueries;
  readonly alerts: AlertBook;
  readonly dispatch: Pick<AlertDispatch, 'test'>;
  readonly labels: LabelQueue;
  readonly audit: AuditLog;
  readonly users: HubUsers;
  /** Ends sessions of users who were changed, at once instead of at the next look. */
  readonly refreshSessions: () => Promise<void>;
  /** Shuts the device out, durably, and clears its alerts. Repeating it is harmless. */
  readonly revoke: (identity: DeviceIdentity, by: string, reason: string) => Promise<void>;
  /** Body of `GET /metrics`. */
  readonly metricsText: () => Promise<string>;
  /** Null lets anybody who reaches the page read the metrics. */
  readonly metricsToken: string | null;
  /** Tells pages at once what an act changed. */
  readonly onAct: (what: 'alert' | 'label', id: number) => void;
  readonly nowIso: () => string;
  readonly signal: AbortSignal;
}

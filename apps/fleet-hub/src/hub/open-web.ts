import { hostname } from 'node:os';
import { identityName } from '@edge-blueprints/contracts';
import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { createDashboardServer } from '@edge-blueprints/dashboard';
import { closeInReverse } from '@edge-blueprints/pipeline';
import { createAlertBook } from '../alerts/alert-book.js';
import { createAlertDispatch } from '../alerts/alert-dispatch.js';
import { createAlertEngine } from '../alerts/alert-engine.js';
import { openAlertOutputs } from '../alerts/open-outputs.js';
import { createHubLive } from '../api/hub-live.js';
import { hubRoutes } from '../api/hub-routes.js';
import { createAuditLog } from '../audit/audit-log.js';
import type { HubConfig } from '../config.js';
import { createDeviceBook } from '../devices/device-book.js';
import { readDeviceDetail } from '../devices/device-detail.js';
import { readFleetSummary, readIngestWorkers } from '../devices/fleet-summary.js';
import type { RevocationList } from '../identity/revocation-list.js';
import { createLabelQueue } from '../labels/label-queue.js';
import type { SqlStore } from '../store/sql-store.js';
import { prepareFirstAdmin } from '../users/first-admin.js';
import { createHubUsers } from '../users/hub-users.js';
import { createSignInRecord } from '../users/sign-in-record.js';
import { createUserAccess } from '../users/user-access.js';
import type { Closers, HubDeps } from './hub-deps.js';
import { createHubMetrics } from './hub-metrics.js';
import { startLoop } from './loop.js';
import { openHubJobs } from './open-jobs.js';

export interface HubWeb {
  readonly port: number;
  readonly secure: boolean;
  /** Of the user `admin` that exists in this run only; null when a real admin does. */
  readonly setUpPassword: string | null;
  /** Of the ingest in this process, for the metrics. */
  commitTook(seconds: number): void;
  close(): Promise<void>;
}

const alertsOfDevice = 50;
/** Entries of the audit that are kept. */
const auditRows = 1_000_000;

/** The page, its API, its live events, and the work behind them: presence, alerts, retention. */
export async function openHubWeb(
  config: HubConfig,
  parts: { readonly store: SqlStore; readonly revocations: RevocationList },
  deps: HubDeps,
): Promise<HubWeb> {
  const closers: Closers = [];
  try {
    return await assemble(config, parts, deps, closers);
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

async function assemble(
  config: HubConfig,
  { store, revocations }: { readonly store: SqlStore; readonly revocations: RevocationList },
  deps: HubDeps,
  closers: Closers,
): Promise<HubWeb> {
  const { clock, log } = deps;
  const nowIso = (): string => new Date(clock.epochMs()).toISOString();
  const stop = new AbortController();
  closers.push(() => stop.abort());

  const alerts = createAlertBook(store, { nowIso });
  const outputs = openAlertOutputs(config.alerts.outputs, {
    variable: deps.variable,
    hostname: hostname(),
    processId: process.pid,
    epochMs: clock.epochMs,
  });
  const engine = createAlertEngine(store, config.alerts, outputs, clock);
  const chance = deps.random.fork('alert-outputs');
  const dispatch = createAlertDispatch(store, outputs, { epochMs: clock.epochMs, random: chance.next, logger: log });
  const labels = createLabelQueue(store, { nowIso });
  const book = createDeviceBook(store, config.devices, clock);
  const summary = () => readFleetSummary(store, config.devices, clock.epochMs());

  const audit = createAuditLog(store);
  closers.push(
    startLoop({ name: 'old-audit', everyMs: 3_600_000, log }, async () => void (await audit.prune(auditRows))),
  );
  const users = createHubUsers(store, { nowIso });
  const admin = await prepareFirstAdmin(users, deps.variable('EDGE_HUB_ADMIN_PASSWORD'));
  const record = createSignInRecord(store, users, { nowIso, nowMs: clock.monotonicMs, logger: log });
  const access = createUserAccess(users, {
    fitForRemote: admin.configured,
    setUp: admin.setUp,
    nowMs: clock.monotonicMs,
    newToken: deps.newToken,
    logger: log,
    onSignIn: record.note,
  });
  closers.push(startLoop({ name: 'sessions', everyMs: 5_000, log }, access.refresh));

  const metrics = createHubMetrics({ summary, alerts, workers: () => readIngestWorkers(store, clock.epochMs()) }, deps);
  closers.push(metrics.close);
  const detail = (identity: DeviceIdentity) =>
    readDeviceDetail(store, identity, {
      nowMs: clock.epochMs(),
      book,
      alertsOf: (of) => alerts.list({ state: 'all', ...of, limit: alertsOfDevice }),
    });
  const fleet = { summary, devices: book.page, device: detail };
  const server = await createDashboardServer(
    {
      config: config.dashboard,
      staticFolder: config.page.folder,
      access: access.access,
      liveAccess: 'viewer',
      plainRemote: 'refused',
      routes: hubRoutes({
        store,
        alerts,
        dispatch,
        labels,
        users,
        audit,
        fleet,
        refreshSessions: access.refresh,
        revoke: async (identity, by, reason) => {
          revocations.revoke({ name: identityName(identity), by, reason });
          await jobs.syncRevoked();
        },
        metricsText: metrics.text,
        metricsToken: deps.variable('EDGE_HUB_METRICS_TOKEN') ?? null,
        onAct: (what, id) => void (what === 'alert' ? live.alertsChanged([id]) : live.labelsChanged()),
        nowIso,
        signal: stop.signal,
      }),
    },
    { logger: log, nowMs: clock.monotonicMs },
  );
  closers.push(server.close);
  const live = createHubLive(server, { fleet, alerts, labels, store, clock, logger: log });
  closers.push(startLoop({ name: 'live', everyMs: 1_000, log }, live.step));
  const jobs = openHubJobs(
    config,
    { store, revocations, engine, dispatch, alerts, onAlerts: live.alertsChanged },
    deps,
  );
  closers.push(jobs.close);
  return {
    port: server.port,
    secure: server.secure,
    setUpPassword: admin.setUpPassword,
    commitTook: metrics.commitTook,
    close: () => closeInReverse(closers.splice(0)),
  };
}

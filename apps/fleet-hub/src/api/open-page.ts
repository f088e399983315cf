import type { Clock, DeviceIdentity, Logger } from '@edge-blueprints/contracts';
import { createDashboardServer } from '@edge-blueprints/dashboard';
import type { Metrics } from '@edge-blueprints/telemetry';
import { createAlertBook } from '../alerts/alert-book.js';
import { createAlertDispatch } from '../alerts/alert-dispatch.js';
import { createAlertEngine } from '../alerts/alert-engine.js';
import { openAlertOutputs } from '../alerts/open-outputs.js';
import { createAuditLog } from '../audit/audit-log.js';
import type { HubConfig } from '../config.js';
import { createLabelQueue } from '../labels/label-queue.js';
import type { SqlStore } from '../store/sql-store.js';
import { prepareFirstAdmin } from '../users/first-admin.js';
import { createHubUsers } from '../users/hub-users.js';
import { createSignInRecord } from '../users/sign-in-record.js';
import { createUserAccess } from '../users/user-access.js';
import type { FleetQueries } from './fleet-queries.js';
import { createHubLive } from './hub-live.js';
import { createHubMetrics } from './hub-metrics.js';
import { hubRoutes } from './hub-routes.js';
import { repeat } from './repeat.js';

const everySecondMs = 1_000;
const sessionsMs = 5_000;
const pruneMs = 3_600_000;
const dayMs = 86_400_000;
const auditRows = 1_000_000;

export interface HubPageParts {
  /** Migrated. */
  readonly store: SqlStore;
  readonly fleet: FleetQueries;
  readonly metrics: Metrics;
  /** Shuts the device out at broker and ingest, durably. */
  readonly revoke: (identity: DeviceIdentity, by: string, reason: string) => Promise<void>;
}

export interface HubPageDeps {
  readonly log: Logger;
  readonly clock: Clock;
  /** Unguessable, one a call. */
  readonly newToken: () => string;
  /** From 0 to 1, for the pauses between tries. */
  readonly random: () => number;
  /** Of the environment, for secrets. */
  readonly variable: (name: string) => string | undefined;
  readonly hostname: string;
  readonly processId: number;
  /** Of EDGE_HUB_ADMIN_PASSWORD or its file: makes user `admin` where there is no admin yet. */
  readonly adminPassword: string | undefined;
  /** Of EDGE_HUB_METRICS_TOKEN; undefined lets anybody who reaches the page scrape. */
  readonly metricsToken: string | undefined;
}

export interface HubPage {
  readonly port: number;
  readonly secure: boolean;
  /** Of user `admin` for this run, while no real admin exists; null otherwise. */
  readonly setUpPassword: string | null;
  close(): Promise<void>;
}

/**
 * The page with its API, live events, users, alerts and their outputs. One process of a hub runs it; ingest workers do not.
 * @throws ConfigError `users.first-admin`, `alerts.outputs-unusable`, and as `createDashboardServer` tells
 */
export async function openHubPage(
  config: Pick<HubConfig, 'dashboard' | 'page' | 'alerts'>,
  parts: HubPageParts,
  deps: HubPageDeps,
): Promise<HubPage> {
  const { store, fleet } = parts;
  const { log, clock } = deps;
  const nowIso = (): string => new Date(clock.epochMs()).toISOString();
  const stopping = new AbortController();
  const { signal } = stopping;

  const users = createHubUsers(store, { nowIso });
  const first = await prepareFirstAdmin(users, deps.adminPassword);
  const record = createSignInRecord(store, users, { nowIso, nowMs: clock.monotonicMs, logger: log });
  const people = createUserAccess(users, {
    fitForRemote: first.configured,
    setUp: first.setUp,
    nowMs: clock.monotonicMs,
    newToken: deps.newToken,
    logger: log,
    onSignIn: record.note,
  });
  const outputs = openAlertOutputs(config.alerts.outputs, { ...deps, epochMs: clock.epochMs });
  const engine = createAlertEngine(store, config.alerts, outputs, clock);
  const dispatch = createAlertDispatch(store, outputs, { epochMs: clock.epochMs, random: deps.random, logger: log });
  const alerts = createAlertBook(store, { nowIso });
  const audit = createAuditLog(store);
  const labels = createLabelQueue(store, { nowIso });
  const metrics = createHubMetrics(parts.metrics, { store, summary: fleet.summary, alerts });

  const routes = hubRoutes({
    ...{ store, fleet, alerts, dispatch, labels, audit, users, nowIso, signal },
    refreshSessions: people.refresh,
    revoke: async (identity, by, reason) => {
      await parts.revoke(identity, by, reason);
      await engine.forget(identity);
    },
    metricsText: metrics.text,
    metricsToken: deps.metricsToken ?? null,
    onAct: (what, id) => void (what === 'alert' ? live.alertsChanged([id]) : live.labelsChanged()),
  });
  const server = await createDashboardServer(
    {
      config: config.dashboard,
      staticFolder: config.page.folder,
      access: people.access,
      liveAccess: 'viewer',
      plainRemote: 'refused',
      routes,
    },
    { logger: log, nowMs: clock.monotonicMs },
  );
  const live = createHubLive(server, { fleet, alerts, labels, store, clock, logger: log });

  const judge = async (): Promise<void> => {
    for (let more = true; more && !signal.aborted;) {
      const step = await engine.step();
      more = step.more;
      await live.alertsChanged(step.changed);
    }
  };
  const send = async (): Promise<void> => live.alertsChanged(await dispatch.step(signal));
  const prune = async (): Promise<void> => {
    const before = new Date(clock.epochMs() - config.alerts.keepDays * dayMs).toISOString();
    const gone = { alerts: await alerts.prune(before), audit: await audit.prune(auditRows) };
    if (gone.alerts + gone.audit > 0) log.info('hub.pruned', gone);
  };
  const jobDeps = { signal, logger: log };
  const jobs = [
    repeat('alerts', everySecondMs, judge, jobDeps),
    repeat('alert-outputs', everySecondMs, send, jobDeps),
    repeat('live', everySecondMs, live.step, jobDeps),
    repeat('sessions', sessionsMs, people.refresh, jobDeps),
    repeat('prune', pruneMs, prune, jobDeps),
  ];
  return {
    port: server.port,
    secure: server.secure,
    setUpPassword: first.setUpPassword,
    close: async () => {
      stopping.abort();
      await server.close();
      await Promise.all(jobs);
    },
  };
}

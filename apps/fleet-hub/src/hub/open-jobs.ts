import type { AlertBook } from '../alerts/alert-book.js';
import type { AlertDispatch } from '../alerts/alert-dispatch.js';
import type { AlertEngine } from '../alerts/alert-engine.js';
import type { HubConfig } from '../config.js';
import { createPresenceCheck } from '../devices/presence.js';
import type { RevocationList } from '../identity/revocation-list.js';
import { createRetention } from '../store/retention.js';
import type { SqlStore } from '../store/sql-store.js';
import type { HubDeps } from './hub-deps.js';
import { startLoop } from './loop.js';

export interface HubJobs {
  /** Brings the devices' rows up to date with the revocations, now. */
  syncRevoked(): Promise<void>;
  close(): Promise<void>;
}

const presenceAtOnce = 2_000;

/** What goes on without anybody asking: presence, holes, revocations, alerts, retention. */
export function openHubJobs(
  config: HubConfig,
  parts: {
    readonly store: SqlStore;
    readonly revocations: RevocationList;
    readonly engine: AlertEngine;
    readonly dispatch: AlertDispatch;
    readonly alerts: AlertBook;
    readonly onAlerts: (ids: readonly number[]) => Promise<void>;
  },
  deps: HubDeps,
): HubJobs {
  const { store, revocations, engine, dispatch } = parts;
  const { clock, log } = deps;
  const presence = createPresenceCheck(store, config.devices, {
    epochMs: clock.epochMs,
    listeningSinceMs: clock.epochMs(),
  });
  const retention = createRetention(store, config.retention, clock);
  const syncRevoked = async (): Promise<void> => {
    const names = revocations.list().map(({ name }) => name);
    const shut = await presence.syncRevoked(names.filter((name) => revocations.isDenied(name, null)));
    for (const identity of shut) await engine.forget(identity);
  };
  const unlisten = revocations.onChange(
    () => void syncRevoked().catch(() => log.warn('hub.job-failed', { job: 'revocations' })),
  );
  const loops = [
    startLoop({ name: 'presence', everyMs: 2_000, log }, async () => (await presence.step()) >= presenceAtOnce),
    startLoop({ name: 'numbers', everyMs: 15_000, log }, presence.checkNumbers),
    startLoop({ name: 'revocations', everyMs: 10_000, log }, syncRevoked),
    startLoop({ name: 'retention', everyMs: 60_000, log }, retention.step),
    startLoop({ name: 'alerts', everyMs: 1_000, log }, async () => {
      const { changed, more } = await engine.step();
      await parts.onAlerts(changed);
      return more;
    }),
    startLoop({ name: 'alert-outputs', everyMs: 1_000, log }, async (signal) => {
      await parts.onAlerts(await dispatch.step(signal));
    }),
    startLoop({ name: 'old-alerts', everyMs: 3_600_000, log }, async () => {
      await parts.alerts.prune(new Date(clock.epochMs() - config.alerts.keepDays * 86_400_000).toISOString());
    }),
  ];
  return {
    syncRevoked,
    close: async () => {
      unlisten();
      await Promise.all(loops.map((stop) => stop()));
    },
  };
}

import { ConfigError } from '@edge-blueprints/contracts';
import { closeInReverse } from '@edge-blueprints/pipeline';
import type { HubConfig } from '../config.js';
import { openRevocationList } from '../identity/revocation-list.js';
import type { IngestStats } from '../ingest/ingest-stats.js';
import type { Closers, HubDeps } from './hub-deps.js';
import { openHubBroker } from './open-broker.js';
import { openHubIngest } from './open-ingest.js';
import { openHubStore } from './open-store.js';
import { openHubWeb } from './open-web.js';

export interface Hub {
  /** Null where this process has no page, or no broker. */
  readonly pagePort: number | null;
  readonly mqttPort: number | null;
  /** Of the user `admin` that exists in this run only; null when a real admin does. */
  readonly setUpPassword: string | null;
  /** Null where this process does not ingest. */
  ingest(): { readonly stats: IngestStats; readonly connected: boolean } | null;
  close(): Promise<void>;
}

/**
 * Opens the parts of the hub that a process of this role has, in order; closes in reverse, also when opening fails half-way.
 * @throws ConfigError `hub.role` when the configuration keeps several processes apart
 */
export async function openHub(config: HubConfig, deps: HubDeps): Promise<Hub> {
  checkRole(config, deps);
  const closers: Closers = [];
  try {
    return await assemble(config, deps, closers);
  } catch (error) {
    await closeInReverse(closers);
    throw error;
  }
}

async function assemble(config: HubConfig, deps: HubDeps, closers: Closers): Promise<Hub> {
  const { clock, log, role } = deps;
  const store = await openHubStore(config.store, deps);
  closers.push(store.close);
  const revocations = openRevocationList({ file: config.identity.revocationsFile, clock, log });
  closers.push(revocations.close);
  const web = role === 'ingest' ? null : await openHubWeb(config, { store, revocations }, deps);
  if (web !== null) closers.push(web.close);
  if (role === 'web') return { ...hubOf(web), mqttPort: null, ingest: () => null, close: () => closeAll(closers) };

  const broker = await openHubBroker(config.broker, revocations, deps);
  const { embedded } = broker;
  if (embedded !== null) closers.push(embedded.close);
  const ingest = openHubIngest(
    config,
    {
      store,
      broker,
      isRevoked: revocations.isRevoked,
      onCommit: (seconds) => web?.commitTook(seconds),
    },
    deps,
  );
  closers.push(ingest.close);
  return {
    ...hubOf(web),
    mqttPort: broker.port,
    ingest: () => ({ stats: ingest.stats(), connected: ingest.connected() }),
    close: () => closeAll(closers),
  };
}

function closeAll(closers: Closers): Promise<void> {
  return closeInReverse(closers.splice(0));
}

function hubOf(web: { readonly port: number; readonly setUpPassword: string | null } | null) {
  return { pagePort: web?.port ?? null, setUpPassword: web?.setUpPassword ?? null };
}

function checkRole({ store, broker }: HubConfig, { role }: HubDeps): void {
  if (role === 'all') return;
  const problems = [
    ...(store.kind === 'pglite' ? ['store.kind pglite belongs to one process; use postgresql'] : []),
    ...(broker.kind === 'embedded' ? ['broker.kind embedded belongs to one process; use mqtt'] : []),
  ];
  if (problems.length > 0)
    throw new ConfigError('hub.role', `--role ${role} needs several processes, but ${problems.join(', and ')}`);
}

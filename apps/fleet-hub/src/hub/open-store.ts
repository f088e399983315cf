import { readFileSync } from 'node:fs';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import type { HubConfig } from '../config.js';
import { migrate } from '../store/migrate.js';
import { openPgliteStore } from '../store/pglite-store.js';
import { openPostgresqlStore } from '../store/postgresql.js';
import type { SqlStore } from '../store/sql-store.js';
import type { HubDeps } from './hub-deps.js';

const maxWaiting = 1_000;
const statementTimeoutMs = 60_000;

/**
 * Opens the configured store and brings its tables up to date.
 * @throws ConfigError `hub.store-in-use`, `hub.schema-newer`, `hub.store-password` DeviceError `hub.store-unavailable`
 */
export async function openHubStore(config: HubConfig['store'], deps: HubDeps): Promise<SqlStore> {
  const store =
    config.kind === 'pglite'
      ? openPgliteStore({ folder: config.folder, maxWaiting })
      : openPostgresqlStore(
          {
            host: config.host,
            port: config.port,
            database: config.database,
            user: config.user,
            password: passwordOf(config, deps.variable),
            tlsCaFile: config.tlsCaFile ?? null,
            connections: config.connections,
            maxWaiting,
            statementTimeoutMs,
          },
          deps,
        );
  try {
    const steps = await migrate(store);
    if (steps.length > 0) deps.log.info('store.migrated', { steps });
    return store;
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

function passwordOf(
  config: Extract<HubConfig['store'], { readonly kind: 'postgresql' }>,
  variable: HubDeps['variable'],
): string | undefined {
  const { passwordEnv, passwordFile } = config;
  if (passwordEnv !== undefined) {
    const value = variable(passwordEnv);
    if (value === undefined || value === '')
      throw new ConfigError('hub.store-password', `store.passwordEnv names ${passwordEnv}, which is not set`);
    return value;
  }
  if (passwordFile === undefined) return undefined;
  try {
    return readFileSync(passwordFile, 'utf8').trim();
  } catch (error) {
    throw new ConfigError('hub.store-password', `store.passwordFile cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

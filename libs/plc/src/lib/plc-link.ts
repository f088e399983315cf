import type { PlcLink } from '@edge-blueprints/contracts';
import type { PlcLinkDeps } from './link-desk.js';
import type { PlcConfig } from './plc-config.js';
import { createClientPlcLink } from './plc-link-client.js';
import { createServerPlcLink } from './plc-link-server.js';

/**
 * The station's side of the verdict handshake in the configured role. In server role the promise settles when the port is
 * bound; in client role at once, and the connection is made and kept in the background.
 * @throws ConfigError `plc.listen-failed`
 */
export async function createPlcLink(config: PlcConfig, deps: PlcLinkDeps): Promise<PlcLink> {
  return config.role === 'server' ? createServerPlcLink(config, deps) : createClientPlcLink(config, deps);
}

import { createEmbeddedBroker } from '@edge-blueprints/broker';
import type { EmbeddedBroker } from '@edge-blueprints/broker';
import { fleetFilter } from '@edge-blueprints/contracts';
import type { MqttLinkOptions } from '@edge-blueprints/telemetry';
import type { HubConfig } from '../config.js';
import type { RevocationList } from '../identity/revocation-list.js';
import type { HubDeps } from './hub-deps.js';

/** How the ingest reaches the broker. */
export interface HubBroker {
  readonly url: string;
  readonly tls: MqttLinkOptions['tls'];
  readonly telemetryFilter: string;
  /** Every worker hears of every birth and death: a shared subscription would not get the retained ones. */
  readonly statusFilter: string;
  /** Null for a broker of its own. */
  readonly embedded: EmbeddedBroker | null;
  /** Port that devices connect to, null where the broker is not ours. */
  readonly port: number | null;
}

/** Starts the embedded broker, or says where the other one is. */
export async function openHubBroker(
  config: HubConfig['broker'],
  revocations: RevocationList,
  deps: HubDeps,
): Promise<HubBroker> {
  const statusFilter = fleetFilter('status');
  if (config.kind === 'mqtt') {
    const { url, tls, group } = config;
    return { url, tls, telemetryFilter: fleetFilter('tlm', group), statusFilter, embedded: null, port: null };
  }
  const { host, port, tls } = config;
  const embedded = await createEmbeddedBroker({
    listeners: [
      tls === null
        ? { host, port, tls: null, plain: true }
        : { host, port, tls: { caFile: tls.caFile, certFile: tls.certFile, keyFile: tls.keyFile } },
    ],
    denied: revocations,
    log: deps.log,
    clock: deps.clock,
  });
  const bound = embedded.listeners[0]?.port ?? port;
  return {
    url:
      tls === null ? `mqtt://${host.includes(':') ? `[${host}]` : host}:${bound}` : `mqtts://${tls.ownName}:${bound}`,
    tls: tls === null ? null : { caFile: tls.caFile, certFile: tls.workerCertFile, keyFile: tls.workerKeyFile },
    telemetryFilter: fleetFilter('tlm'),
    statusFilter,
    embedded,
    port: bound,
  };
}

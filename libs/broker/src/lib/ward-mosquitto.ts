import { join, resolve } from 'node:path';
import {
  ConfigError,
  fleetIdPattern,
  gatewayHeartbeatTopic,
  identityName,
  wardFilter,
  wearableChannels,
  wearableTopic,
} from '@edge-blueprints/contracts';

export interface WardMosquittoOptions {
  readonly site: string;
  readonly ward: string;
  /** Ids of the wearables, without the site. */
  readonly devices: readonly string[];
  /** Common name of the gateway's certificate, `hub.{ward}` unless given. */
  readonly gateway?: string;
}

export interface WardMosquittoConfig {
  readonly port: number;
  readonly host?: string;
  /** PEM files: who signs wearables and gateway, and the broker's own. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly crlFile?: string;
  /** Where rights and sessions lie. */
  readonly folder: string;
}

export const wardRightsFile = 'ward.acl';

/**
 * The rights of `wardTopicRules` for Mosquitto 2: each name may speak on its own topics only. What is not named has no right at all.
 * @throws ConfigError `broker.ward-names`
 */
export function wardMosquittoRights({ site, ward, devices, gateway = `hub.${ward}` }: WardMosquittoOptions): string {
  const wrong = [site, ward, ...devices].filter((name) => !fleetIdPattern.test(name));
  if (wrong.length > 0 || !/^hub\.[a-z0-9-]{1,64}$/.test(gateway))
    throw new ConfigError(
      'broker.ward-names',
      `Not names of a ward's rights: ${JSON.stringify([...wrong, gateway])}; use a-z, 0-9 and -, the gateway as hub.NAME`,
    );
  const command = (device: string): string => wearableTopic({ site, ward, device }, 'cmd');
  const heartbeat = gatewayHeartbeatTopic(site, ward);
  const block = (name: string, lines: readonly string[]): string =>
    `user ${name}\n${lines.map((line) => `topic ${line}\n`).join('')}`;
  const own = [...new Set(devices)]
    .sort()
    .map((device) =>
      block(identityName({ site, device }), [
        ...wearableChannels
          .filter((channel) => channel !== 'cmd')
          .map((channel) => `write ${wearableTopic({ site, ward, device }, channel)}`),
        `read ${command(device)}`,
        `read ${heartbeat}`,
      ]),
    );
  const hub = block(gateway, [
    `read ${wardFilter(site, ward)}`,
    `write ${heartbeat}`,
    ...[...new Set(devices)].sort().map((device) => `write ${command(device)}`),
  ]);
  // Mosquitto 2.0.11 allows nothing by an empty file, and no version can mistake a user that cannot be.
  return `user -nobody-\ntopic read -nothing-\n\n${[hub, ...own].join('\n')}`;
}

/**
 * Mosquitto 2 for one ward: mutual TLS, the certificate's name as user and client id, sessions kept over a restart of the gateway
 * so that what came meanwhile is delivered.
 */
export function wardMosquittoConfig(options: WardMosquittoConfig): string {
  const { port, host, caFile, certFile, keyFile, crlFile, folder } = options;
  const paths = [caFile, certFile, keyFile, crlFile ?? '', folder, host ?? ''];
  if (paths.some((path) => /[\r\n]|^\s|\s$/.test(path)))
    throw new ConfigError(
      'broker.ward-names',
      `A path has a line break or a blank at its end: ${JSON.stringify(paths)}`,
    );
  return `per_listener_settings true
persistence true
persistence_location ${resolve(folder)}/
autosave_interval 30
max_packet_size 8192
max_inflight_messages 100
# 15 minutes of 600 samples a second, while the gateway is away.
max_queued_messages 540000
max_queued_bytes 268435456
persistent_client_expiration 1h
max_keepalive 600

listener ${port}${host === undefined ? '' : ` ${host}`}
cafile ${resolve(caFile)}
certfile ${resolve(certFile)}
keyfile ${resolve(keyFile)}
${crlFile === undefined ? '' : `crlfile ${resolve(crlFile)}\n`}tls_version tlsv1.2
require_certificate true
use_identity_as_username true
use_username_as_clientid true
allow_zero_length_clientid false
acl_file ${join(resolve(folder), wardRightsFile)}
`;
}

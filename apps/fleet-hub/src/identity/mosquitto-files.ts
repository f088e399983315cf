import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, fleetFilter, fleetLimits, fleetTopic, parseIdentityName } from '@edge-blueprints/contracts';
import { writeFileAtomic } from './atomic-file.js';
import type { CertificateListing } from './certificate-listing.js';
import { siteCaFiles } from './site-ca.js';

export const mosquittoFiles = {
  config: 'mosquitto.conf',
  rights: 'mosquitto.acl',
  noRights: 'nobody.acl',
  pid: 'mosquitto.pid',
} as const;

/** One entry that fits nobody: Mosquitto 2.0.11 allows nothing by an empty rights file, and no version can mistake this one. */
const closedDoor = 'user -nobody-\ntopic read -nothing-\n';

export interface MosquittoOptions {
  readonly caFolder: string;
  readonly port: number;
  /** Unix socket by which the hub cuts a session; readable by the broker's group only. null leaves it out. */
  readonly controlSocket: string | null;
  readonly certificates: readonly CertificateListing[];
}

/**
 * Configuration of Mosquitto 2.0 with the same rules as the embedded broker. @returns the paths
 * @throws ConfigError `identity.mosquitto`
 */
export function writeMosquittoFiles(out: string, options: MosquittoOptions): readonly string[] {
  // A blank or line break in a path would become another directive.
  const paths = [out, options.caFolder, options.controlSocket ?? ''];
  if (paths.some((path) => /[\r\n]|^\s|\s$/.test(path)))
    throw new ConfigError(
      'identity.mosquitto',
      `A folder for Mosquitto has a line break or a blank at its end: ${JSON.stringify(paths)}`,
    );
  mkdirSync(join(out, 'data'), { recursive: true, mode: 0o750 });
  const contents: Readonly<Record<'config' | 'rights' | 'noRights', string>> = {
    config: mosquittoConfig(out, options),
    rights: mosquittoRights(options.certificates),
    noRights: closedDoor,
  };
  return (['rights', 'noRights', 'config'] as const).map((file) => {
    const path = join(out, mosquittoFiles[file]);
    writeFileAtomic(path, contents[file], { mode: 0o640, replace: true, sync: true });
    return path;
  });
}

/** The rights alone, after a revocation; Mosquitto reads them, and the CRL, again on SIGHUP. */
export function writeMosquittoRights(out: string, certificates: readonly CertificateListing[]): void {
  const content = mosquittoRights(certificates);
  writeFileAtomic(join(out, mosquittoFiles.rights), content, { mode: 0o640, replace: true, sync: true });
}

function mosquittoConfig(out: string, { caFolder, port, controlSocket }: MosquittoOptions): string {
  const ca = resolve(caFolder);
  const here = resolve(out);
  const control =
    controlSocket === null
      ? ''
      : `
# By this socket the hub takes over, and so cuts, the session of a revoked device. It has no topics.
listener 0 ${resolve(controlSocket)}
allow_anonymous true
acl_file ${join(here, mosquittoFiles.noRights)}
`;
  return `# Written by site-ca mosquitto; write it again instead of changing it.
# What a listener can have must stand below it: above, it would open one more on port 1883.
per_listener_settings true
pid_file ${join(here, mosquittoFiles.pid)}
persistence true
persistence_location ${here}/data/
autosave_interval 60
# One packet: a batch of ${fleetLimits.batchBytes} bytes and its topic.
max_packet_size ${fleetLimits.batchBytes + 1_024}
max_inflight_messages 100
# What waits for the ingest while it is away. More is dropped, and sent again by the devices.
max_queued_messages 10000
max_queued_bytes 268435456
max_keepalive 600

listener ${port}
cafile ${join(ca, siteCaFiles.certificate)}
certfile ${join(ca, 'hubs', 'fleet-hub', 'cert.pem')}
keyfile ${join(ca, 'hubs', 'fleet-hub', 'key.pem')}
crlfile ${join(ca, siteCaFiles.crl)}
tls_version tlsv1.2
require_certificate true
# The certificate's common name is the user and the client id, so that nobody can take over another's session.
use_identity_as_username true
use_username_as_clientid true
allow_zero_length_clientid false
acl_file ${join(here, mosquittoFiles.rights)}
${control}`;
}

/** One block for each name that is let in. A revoked one has no block, and so no right at all. */
export function mosquittoRights(certificates: readonly CertificateListing[]): string {
  const names = new Set<string>();
  for (const { name, kind, state } of certificates) if (kind !== 'hub' && state !== 'revoked') names.add(name);
  const blocks = [...names].sort().map((name) => {
    const identity = parseIdentityName(name);
    if (identity === undefined) return '';
    const worker = certificates.some((entry) => entry.name === name && entry.kind === 'worker');
    const topics = worker
      ? [`read ${fleetFilter('tlm')}`, `read ${fleetFilter('status')}`, `write ${fleetFilter('ack')}`]
      : [
          `write ${fleetTopic(identity, 'tlm')}`,
          `write ${fleetTopic(identity, 'status')}`,
          `read ${fleetTopic(identity, 'ack')}`,
        ];
    return `user ${name}\n${topics.map((topic) => `topic ${topic}\n`).join('')}`;
  });
  return `# Written by site-ca mosquitto from the index and the revocations.\n${closedDoor}\n${blocks.join('\n')}`;
}

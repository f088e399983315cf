import { UsageError } from '../errors.js';

/** Site, device and model names on the wire. */
export const fleetIdPattern = /^[a-z0-9-]{1,64}$/;

/** A device of the fleet. Its certificate's common name, its client id and its topics all carry these two names. */
export interface DeviceIdentity {
  readonly site: string;
  readonly device: string;
}

/** `tlm`: batches of events; `ack`: the hub's application acknowledgement; `status`: birth and death, retained. */
export const fleetChannels = ['tlm', 'ack', 'status'] as const;
export type FleetChannel = (typeof fleetChannels)[number];

const root = 'edge/v1';

/** `edge/v1/{site}/{device}/{channel}` @throws UsageError `fleet.identity` */
export function fleetTopic(identity: DeviceIdentity, channel: FleetChannel): string {
  checkIdentity(identity);
  return `${root}/${identity.site}/${identity.device}/${channel}`;
}

/** The subscription of an ingest worker; with a group name, a shared subscription, of which each message goes to one member. */
export function fleetFilter(channel: FleetChannel, group?: string): string {
  const filter = `${root}/+/+/${channel}`;
  return group === undefined ? filter : `$share/${group}/${filter}`;
}

/** @returns undefined for any topic that is not exactly one of ours */
export function parseFleetTopic(topic: string): (DeviceIdentity & { readonly channel: FleetChannel }) | undefined {
  const [a, b, site, device, last, ...rest] = topic.split('/');
  const channel = fleetChannels.find((known) => known === last);
  if (`${a}/${b}` !== root || rest.length > 0 || site === undefined || device === undefined || channel === undefined)
    return undefined;
  return fleetIdPattern.test(site) && fleetIdPattern.test(device) ? { site, device, channel } : undefined;
}

/** Common name of the certificate and MQTT client id: `{site}.{device}`. @throws UsageError `fleet.identity` */
export function identityName(identity: DeviceIdentity): string {
  checkIdentity(identity);
  return `${identity.site}.${identity.device}`;
}

/** @returns undefined for a name that is not a device's */
export function parseIdentityName(name: string): DeviceIdentity | undefined {
  const [site, device, ...rest] = name.split('.');
  if (site === undefined || device === undefined || rest.length > 0) return undefined;
  return fleetIdPattern.test(site) && fleetIdPattern.test(device) ? { site, device } : undefined;
}

/** CloudEvents `source` of a device's events. */
export function identitySource(identity: DeviceIdentity): string {
  return `/edge/${identity.site}/${identity.device}`;
}

function checkIdentity({ site, device }: DeviceIdentity): void {
  const wrong = [site, device].filter((name) => !fleetIdPattern.test(name));
  if (wrong.length > 0)
    throw new UsageError(
      'fleet.identity',
      `Not a site or device name: ${wrong.map((name) => JSON.stringify(name)).join(', ')}; use 1 to 64 of a-z, 0-9 and dash`,
    );
}

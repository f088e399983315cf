import { UsageError } from '../errors.js';
import { fleetIdPattern } from '../fleet/topics.js';

/** What a wearable publishes (`hr`, `spo2`, `rr`, `acc`, `state`) and what it listens to (`cmd`). Never a patient's name: device ids only. */
export const wearableChannels = ['hr', 'spo2', 'rr', 'acc', 'state', 'cmd'] as const;
export type WearableChannel = (typeof wearableChannels)[number];

/** One wearable of one ward. Its certificate's common name is `{site}.{device}`. */
export interface WearableIdentity {
  readonly site: string;
  readonly ward: string;
  readonly device: string;
}

const root = 'hc/v1';

/** `hc/v1/{site}/{ward}/dev/{device}/{channel}` @throws UsageError `ward.identity` */
export function wearableTopic({ site, ward, device }: WearableIdentity, channel: WearableChannel): string {
  const wrong = [site, ward, device].filter((name) => !fleetIdPattern.test(name));
  if (wrong.length > 0)
    throw new UsageError(
      'ward.identity',
      `not a name of a site, ward or device: ${wrong.join(', ')}; use a-z, 0-9 and -`,
    );
  return `${root}/${site}/${ward}/dev/${device}/${channel}`;
}

/** What the gateway of one ward listens to. */
export function wardFilter(site: string, ward: string): string {
  return `${root}/${site}/${ward}/dev/+/+`;
}

/** @returns undefined for any topic that is not exactly one of ours */
export function parseWearableTopic(
  topic: string,
): (WearableIdentity & { readonly channel: WearableChannel }) | undefined {
  const [a, b, site, ward, dev, device, last, ...rest] = topic.split('/');
  const channel = wearableChannels.find((known) => known === last);
  if (`${a}/${b}` !== root || dev !== 'dev' || rest.length > 0) return undefined;
  if (site === undefined || ward === undefined || device === undefined || channel === undefined) return undefined;
  return [site, ward, device].every((name) => fleetIdPattern.test(name)) ? { site, ward, device, channel } : undefined;
}

/** Retained, with a last will: the gateway of the ward is there. `hc/v1/{site}/{ward}/gw/heartbeat`, every 2 s. */
export function gatewayHeartbeatTopic(site: string, ward: string): string {
  return `${root}/${site}/${ward}/gw/heartbeat`;
}

import { fleetFilter, identityName, parseFleetTopic, parseIdentityName } from '@edge-blueprints/contracts';
import type { BrokerRole, PublishRequest, TopicRules } from './broker-port.js';

/** Site that no device may have: its names belong to the hub's own programs, for example `hub.ingest-1`. */
export const workerSite = 'hub';

/** @returns undefined for a name that may not connect at all */
export function roleOfName(name: string): BrokerRole | undefined {
  const identity = parseIdentityName(name);
  if (identity === undefined) return undefined;
  return identity.site === workerSite ? 'worker' : 'device';
}

/** @returns why the publish is not allowed, or null */
export function publishProblem(
  name: string,
  role: BrokerRole,
  { topic, qos, retain, bytes }: PublishRequest,
  statusBytes: number,
): string | null {
  const parsed = parseFleetTopic(topic);
  if (parsed === undefined) return 'not a topic of the fleet';
  // QoS 2 makes a broker remember each message of each peer; the outbox needs none of it.
  if (qos > 1) return 'QoS 2 is not served';
  if (parsed.channel === 'ack')
    return role === 'worker' ? (retain ? 'an acknowledgement is not retained' : null) : 'only the hub acknowledges';
  if (role === 'worker') return 'the hub does not speak for a device';
  if (identityName(parsed) !== name) return `the topic belongs to ${identityName(parsed)}`;
  if (parsed.channel === 'tlm') return retain ? 'telemetry is not retained' : null;
  return bytes > statusBytes ? `a status of ${bytes} bytes, more than ${statusBytes}` : null;
}

/** A worker reads telemetry and status of all; a device reads its own acknowledgements and nothing else. */
export function maySubscribe(name: string, role: BrokerRole, filter: string): boolean {
  if (role === 'worker') return filter === fleetFilter('tlm') || filter === fleetFilter('status');
  const parsed = parseFleetTopic(filter);
  return parsed?.channel === 'ack' && identityName(parsed) === name;
}

/** Topics of the fleet: telemetry, status and acknowledgements. */
export const fleetTopicRules: TopicRules = { publishProblem, maySubscribe };

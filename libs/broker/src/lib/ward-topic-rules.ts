import {
  gatewayHeartbeatTopic,
  identityName,
  parseIdentityName,
  parseWearableTopic,
  wardFilter,
  wearableTopic,
} from '@edge-blueprints/contracts';
import type { TopicRules } from './broker-port.js';

/** Topics of one ward: a wearable speaks on its own ones only, and the gateway (`hub.{name}`) hears all of them. */
export function wardTopicRules(site: string, ward: string): TopicRules {
  const heartbeat = gatewayHeartbeatTopic(site, ward);
  return {
    publishProblem(name, role, { topic, qos, retain, bytes }, statusBytes) {
      if (qos > 1) return 'QoS 2 is not served';
      if (topic === heartbeat) return role === 'worker' ? null : 'only the gateway has a heartbeat';
      const parsed = parseWearableTopic(topic);
      if (parsed === undefined || parsed.site !== site || parsed.ward !== ward) return 'not a topic of the ward';
      if (parsed.channel === 'cmd')
        return role === 'worker' ? (retain ? 'a command is not retained' : null) : 'only the gateway commands';
      if (role === 'worker') return 'the gateway does not speak for a wearable';
      if (identityName(parsed) !== name) return `the topic belongs to ${identityName(parsed)}`;
      if (bytes > statusBytes) return `${bytes} bytes, more than ${statusBytes}`;
      return retain && parsed.channel !== 'state' ? 'a measurement is not retained' : null;
    },
    maySubscribe(name, role, filter) {
      if (role === 'worker') return filter === wardFilter(site, ward);
      const identity = parseIdentityName(name);
      if (filter === heartbeat) return true;
      return identity?.site === site && filter === wearableTopic({ ...identity, ward }, 'cmd');
    },
  };
}

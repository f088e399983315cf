export { createEmbeddedBroker } from './lib/embedded-broker.js';
export { defaultBrokerLimits } from './lib/broker-limits.js';
export type { BrokerLimits } from './lib/broker-limits.js';
export type {
  BrokerEvent,
  BrokerListenerOptions,
  BrokerRole,
  BrokerStats,
  BrokerTlsFiles,
  DeniedIdentities,
  EmbeddedBroker,
  EmbeddedBrokerOptions,
  PublishRequest,
  RefusalReason,
  TopicRules,
} from './lib/broker-port.js';
export { certificateUnits } from './lib/peer-identity.js';
export { roleOfName, workerSite } from './lib/topic-rules.js';
export { wardTopicRules } from './lib/ward-topic-rules.js';
export { wardMosquittoConfig, wardMosquittoRights, wardRightsFile } from './lib/ward-mosquitto.js';
export type { WardMosquittoConfig, WardMosquittoOptions } from './lib/ward-mosquitto.js';

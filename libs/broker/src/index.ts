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
  RefusalReason,
} from './lib/broker-port.js';
export { certificateUnits } from './lib/peer-identity.js';
export { roleOfName, workerSite } from './lib/topic-rules.js';

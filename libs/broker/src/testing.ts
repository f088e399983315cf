export {
  connectPacket,
  connectRawClient,
  disconnectPacket,
  openRawClient,
  packetTypes,
  pingPacket,
  publishPacket,
  readPublish,
  subscribePacket,
} from './lib/testing/raw-mqtt-client.js';
export type { RawConnect, RawMqttClient, ReceivedPacket } from './lib/testing/raw-mqtt-client.js';

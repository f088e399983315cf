export { openRecordStore } from './lib/open-record-store.js';
export type { RecordStoreOptions } from './lib/open-record-store.js';
export type {
  BlobInput,
  OutboxMessage,
  PutOutcome,
  RecordInput,
  RecordStore,
  RecordStoreStats,
  StoredRecord,
  UndeliveredMessage,
} from './lib/record-store-port.js';
export { openOutbox } from './lib/outbox/open-outbox.js';
export type { OutboxOptions } from './lib/outbox/open-outbox.js';
export { createMemoryOutbox } from './lib/outbox/memory-outbox.js';
export type { MemoryOutboxOptions } from './lib/outbox/memory-outbox.js';
export type {
  Contiguity,
  Outbox,
  OutboxEntry,
  OutboxInput,
  OutboxLimits,
  OutboxStats,
} from './lib/outbox/outbox-port.js';
export type { MqttHandlers, MqttLink, MqttLinkOptions, MqttLinkStats } from './lib/uplink/mqtt-port.js';
export { createMetrics } from './lib/metrics/create-metrics.js';
export type { MetricAttributes, MetricResource, Metrics } from './lib/metrics/metrics-port.js';
export { createDeviceTelemetry } from './lib/device-telemetry.js';
export type { DeviceTelemetry, DeviceTelemetryOptions, DeviceUplink } from './lib/device-telemetry.js';
export { createDropCounter } from './lib/metrics/drop-counter.js';
export { createDeviceHealth } from './lib/metrics/device-health.js';
export type { DeviceHealth, HealthReading } from './lib/metrics/device-health.js';
export { connectMqtt } from './lib/uplink/mqtt-link.js';
export type { MqttLinkDeps } from './lib/uplink/mqtt-link.js';
export type { MqttLinkLimits } from './lib/uplink/mqtt-link-limits.js';
export type { Schedule } from './lib/uplink/schedule.js';
export { createUplink, statusPayload } from './lib/uplink/create-uplink.js';
export type { UplinkOptions } from './lib/uplink/create-uplink.js';
export type { Uplink, UplinkStats } from './lib/uplink/uplink-port.js';
export type { UplinkLimits } from './lib/uplink/uplink-limits.js';
export { openTelemetryUplink } from './lib/uplink/open-telemetry-uplink.js';
export type { TelemetryEvent, TelemetryUplink, TelemetryUplinkDeps } from './lib/uplink/open-telemetry-uplink.js';
export { uplinkConfigSchema } from './lib/uplink/uplink-config.js';
export type { UplinkConfig } from './lib/uplink/uplink-config.js';
export { createReferenceIngest } from './lib/uplink/testing/reference-ingest.js';
export type { ReferenceIngest, ReferenceStream } from './lib/uplink/testing/reference-ingest.js';
export { createVirtualDevice } from './lib/uplink/testing/virtual-device.js';
export type { VirtualDevice, VirtualDeviceOptions } from './lib/uplink/testing/virtual-device.js';
export { createVirtualSite } from './lib/uplink/testing/virtual-site.js';
export type { IngestFaults, VirtualSite } from './lib/uplink/testing/virtual-site.js';
export type { VirtualBroker } from './lib/uplink/testing/virtual-broker.js';
export type { VirtualTime } from './lib/uplink/testing/virtual-time.js';
export { openDeliveryQueue } from './lib/delivery-queue/open-delivery-queue.js';
export type { DeliveryQueueOptions } from './lib/delivery-queue/open-delivery-queue.js';
export { deliveryRanks } from './lib/delivery-queue/delivery-queue-port.js';
export type {
  DeliveryEntry,
  DeliveryInput,
  DeliveryLimits,
  DeliveryQueue,
  DeliveryRank,
  DeliveryStats,
  Settlement,
} from './lib/delivery-queue/delivery-queue-port.js';

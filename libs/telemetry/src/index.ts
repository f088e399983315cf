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

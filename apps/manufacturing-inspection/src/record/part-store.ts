import { join } from 'node:path';
import { parseConfig, partRecordSchema, type PartRecord } from '@edge-blueprints/contracts';
import { openRecordStore, type RecordStore } from '@edge-blueprints/telemetry';
import { cfxUnitsInspected } from './cfx-units-inspected.js';
import type { PartStore } from './part-store-port.js';

export interface PartStoreOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** False when no MES is configured: then a record counts as delivered at once. */
  readonly forMes: boolean;
}

export interface OpenedPartStore extends PartStore {
  /** The messages that wait for the MES; `startMesDelivery` works them off. */
  readonly outbox: Pick<RecordStore, 'pending' | 'acknowledge' | 'fail' | 'stats'>;
}

/** Part records as durable documents, their pictures by content hash, their CFX message in the same transaction. */
export function openPartStore(options: PartStoreOptions): OpenedPartStore {
  const store = openRecordStore({ file: join(options.folder, 'parts.sqlite'), maxBytes: options.maxBytes });
  const read = (body: string): PartRecord => parseConfig(partRecordSchema, JSON.parse(body), 'a stored part record');
  return {
    async put(record, images) {
      await store.put({
        key: record.resultId,
        atEpochMs: Date.parse(record.capturedAt),
        tag: record.verdict,
        body: JSON.stringify(record),
        blobs: images.map(({ sha256, mime, bytes }) => ({ sha256, mime, bytes, priority: record.verdict === 'pass' ? 'low' : 'high' })),
        message: options.forMes ? cfxUnitsInspected(record, images.filter((image) => image.role === 'crop')) : null,
      });
    },
    async get(resultId) {
      const found = await store.get(resultId);
      return found && read(found.body);
    },
    async list({ limit, before, verdict }) {
      const sequence = before === undefined ? undefined : (await store.get(before))?.sequence;
      const rows = await store.list({
        limit,
        ...(sequence === undefined ? {} : { before: sequence }),
        ...(verdict === undefined ? {} : { tag: verdict }),
      });
      return rows.map((row) => read(row.body));
    },
    image: (sha256) => store.blob(sha256),
    async overrule(resultId, overrule) {
      const found = await store.get(resultId);
      if (!found) return undefined;
      const amended: PartRecord = { ...read(found.body), overrule };
      await store.amend(resultId, JSON.stringify(amended));
      return amended;
    },
    async recentDetections(limit) {
      return (await store.list({ limit })).map((row) => read(row.body).detections);
    },
    readCounter: async (name) => Number((await store.readValue(name)) ?? 0),
    writeCounter: (name, value) => store.writeValue(name, String(value)),
    stats: () => store.stats(),
    close: () => store.close(),
    outbox: store,
  };
}
